using System.Diagnostics;
using System.Globalization;
using Benchmarks.Hosts;
using Mitogen;

// Prints a table: medians of interleaved rounds, each beside the first line of its group. benchmarks/hosts makes the hosts.
return await MitogenApp.RunAsync(args, async app =>
{
    int rounds = int.Parse(args[0], CultureInfo.InvariantCulture);
    int port = int.Parse(args[1], CultureInfo.InvariantCulture);
    string key = args[2];
    string python = args[3];
    string? container = args.ElementAtOrDefault(4) is { Length: > 0 } name ? name : null;
    SshConnection ssh = new("127.0.0.1")
    {
        Port = port,
        IdentityFile = key,
        ConfigFile = "none",
        HostKeyPolicy = HostKeyPolicy.Ignore,
    };
    string[] plain =
    [
        "-F", "none", "-i", key, "-p", args[1], "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        "-o", "LogLevel=ERROR", "127.0.0.1", "true",
    ];

    using Peer mitogen = new(python, Path.Combine(AppContext.BaseDirectory, "../../../../python/mitogen_ssh.py"), args[1], key);
    List<(string Group, string Name, Func<Task<double>> Measure)> subjects =
    [
        ("ssh", "`ssh host true`", () => ProcessAsync("ssh", plain)),
        ("ssh", "native, first call", () => StartAsync(app, ssh with { Payload = Payload.Native })),
        ("ssh", "native, kept on the target, first call", () => StartAsync(app, ssh with { Payload = Payload.Native, CachePayload = true })),
        ("ssh", "managed, first call", () => StartAsync(app, ssh with { Payload = Payload.Managed })),
        ("ssh", "Python's Mitogen, `router.ssh`, first call", () => mitogen.MeasureAsync("start")),
        ("local", "`cat`, one byte and back", () => ProcessAsync("cat", [])),
        ("local", "native, first call", () => StartAsync(app, new LocalConnection { Payload = Payload.Native })),
        ("local", "managed, first call", () => StartAsync(app, new LocalConnection())),
        ("sudo", "`sudo true`", () => ProcessAsync("sudo", ["-n", "true"])),
        ("sudo", "native, first call", () => StartAsync(app, new SudoConnection { Payload = Payload.Native })),
    ];
    if (container is not null)
    {
        subjects.Add(("docker", "`docker exec -i`, `true`", () => ProcessAsync("docker", ["exec", "-i", container, "true"])));
        subjects.Add(("docker", "native, first call", () => StartAsync(app, new DockerConnection(container) { Payload = Payload.Native })));
    }

    double[][] times = [.. subjects.Select(_ => new double[rounds])];
    for (int round = -1; round < rounds; round++)
    {
        for (int i = 0; i < subjects.Count; i++)
        {
            double time = await subjects[i].Measure();
            if (round >= 0)
            {
                times[i][round] = time; // the round before the first one warms caches and payloads up
            }
        }
    }

    Console.WriteLine("| where | what | median ms | least | beside the first |\n| --- | --- | --- | --- | --- |");
    for (int i = 0; i < subjects.Count; i++)
    {
        double first = Median(times[subjects.FindIndex(subject => subject.Group == subjects[i].Group)]);
        Console.WriteLine(
            $"| {subjects[i].Group} | {subjects[i].Name} | {Median(times[i]):0.0} | {times[i].Min():0.0} | {Median(times[i]) / first:0.00} |");
    }

    await PrintCallsAsync(app, ssh with { Payload = Payload.Native }, mitogen);
});

static async Task PrintCallsAsync(MitogenRoot app, SshConnection ssh, Peer mitogen)
{
    const int Calls = 500;
    const int Steps = 100;
    await using IRemoteContext context = await app.ConnectAsync(ssh);
    ITarget target = context.Get<ITarget>();
    List<double> ours = [];
    for (int i = 0; i < Calls; i++)
    {
        ours.Add(await TimeAsync(() => target.EchoAsync(i)));
    }

    double tasks = await TimeAsync<int>(async () =>
    {
        for (int i = 0; i < Steps; i++)
        {
            if (await target.RunAsync("/bin/true", []) != 0)
            {
                throw new InvalidOperationException("A step failed.");
            }
        }

        return Steps;
    });
    Console.WriteLine($"\n- a call over ssh: {Median([.. ours]) * 1000:0} us; Python's Mitogen {await mitogen.MeasureAsync("call") * 1000:0} us");
    Console.WriteLine($"- {Steps} steps, each a process, one after another over one connection: {tasks:0} ms");
    Console.WriteLine($"- idle native context: {await target.ResidentAsync()} KiB resident");
}

static Task<double> StartAsync(MitogenRoot app, Connection connection) => TimeAsync(async () =>
{
    IRemoteContext context = await app.ConnectAsync(connection);
    _ = await context.Get<ITarget>().EchoAsync(1);
    return context;
}, context => context.DisposeAsync());

static Task<double> ProcessAsync(string file, string[] arguments) => TimeAsync(async () =>
{
    using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    process.StandardInput.Write('x');
    process.StandardInput.Close();
    _ = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    return 0;
}, null);

// What ends a measure is not measured, for us and for the peers.
static async Task<double> TimeAsync<T>(Func<Task<T>> run, Func<T, ValueTask>? end = null)
{
    long start = Stopwatch.GetTimestamp();
    T result = await run();
    double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    if (end is not null)
    {
        await end(result);
    }

    return time;
}

static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
