using System.Globalization;
using Benchmarks.Hosts;
using Mitogen;

// Prints tables: medians of interleaved rounds, each beside the first line of its group. benchmarks/hosts makes the hosts.
return await MitogenApp.RunAsync(args, async app =>
{
    int rounds = int.Parse(args[0], CultureInfo.InvariantCulture);
    int port = int.Parse(args[1], CultureInfo.InvariantCulture);
    string key = args[2];
    string python = args[3];
    string? container = args.ElementAtOrDefault(4) is { Length: > 0 } name ? name : null;
    string? ansible = args.ElementAtOrDefault(5) is { Length: > 0 } script ? script : null;
    SshConnection ssh = Ssh.Connection(port, key);
    SshConnection native = ssh with { Executable = ExecutableKind.Native };
    using Peer mitogen = new(python, Path.Combine(AppContext.BaseDirectory, "../../../../python/mitogen_ssh.py"), args[1], key);

    Rounds all = new(app);
    all.Add("ssh", "`ssh host true`", () => Ssh.TrueAsync(port, key));
    all.Add("ssh", "native", native);
    all.Add("ssh", "native, kept on the target", native with { CacheExecutable = true });
    all.Add("ssh", "managed", ssh with { Executable = ExecutableKind.Managed });
    all.Add("ssh", "Python's Mitogen, `router.ssh`", () => mitogen.MeasureAsync("start"));
    all.Add("local", "`cat`, one byte and back", () => Timing.OfProcessAsync("cat"));
    all.Add("local", "native", new LocalConnection { Executable = ExecutableKind.Native });
    all.Add("local", "managed", new LocalConnection());
    all.Add("sudo", "`sudo true`", () => Timing.OfProcessAsync("sudo", "-n", "true"));
    all.Add("sudo", "native", new SudoConnection { Executable = ExecutableKind.Native });
    if (container is not null)
    {
        all.Add("docker", "`docker exec -i`, `true`", () => Timing.OfProcessAsync("docker", "exec", "-i", container, "true"));
        all.Add("docker", "native", new DockerConnection(container) { Executable = ExecutableKind.Native });
    }

    await all.RunAsync(rounds);
    all.Print();
    await Calls.PrintAsync(app, native, mitogen);
    await Steps.PrintAsync(app, native, ansible);
}, new MitogenOptions { LoggerFactory = Starts.Shared });
