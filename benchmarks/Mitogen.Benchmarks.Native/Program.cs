using System.Diagnostics;
using Benchmarks.Native;
using Mitogen;
using Mitogen.Executables;
using Mitogen.Processes;

// Prints one figure a line. The time from nothing to the first answer stands beside that of a program which only gives back what it reads.
return await MitogenApp.RunAsync(args, async app =>
{
    const int Count = 100;
    List<double> cat = [];
    List<double> native = [];
    for (int i = 0; i < Count; i++)
    {
        cat.Add(await MeasureAsync(CatAsync));
        native.Add(await MeasureAsync(() => ContextAsync(app)));
    }

    Print("cat.ms", Median(cat));
    Print("native.connect.ms", Median(native));
    Print("native.connect.first.ms", native[0]);
    await PrintMemoryAsync(app);
    if (new Mitogen.Executables.Program(RemoteCatalog.Default).Executables.Find(Platform.OwnRid) is { } executable)
    {
        long start = Stopwatch.GetTimestamp();
        Packed packed = await executable.CompressAsync();
        Print("program.compress.ms", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        Print("program.bytes", packed.Size);
        Print("program.compressed.bytes", packed.Bytes.Length);
    }
});

static async Task<double> MeasureAsync(Func<Task> run)
{
    long start = Stopwatch.GetTimestamp();
    await run();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}

// Both with their ends: a context that is not ended would be there while the next one starts.
static async Task ContextAsync(MitogenRoot app)
{
    await using IRemoteContext context = await app.ConnectAsync(new LocalConnection { Executable = ExecutableKind.Native });
    _ = await context.Get<IEcho>().EchoAsync(1);
}

static async Task CatAsync()
{
    var child = ChildProcess.Start(new ChildProcessOptions { FileName = "/bin/cat", Arguments = ["cat"] });
    child.Transport.Write("1"u8);
    _ = child.Transport.Read(new byte[1]);
    child.Transport.CloseWriting();
    await child.Exited;
    await child.EndAsync(TimeSpan.Zero);
}

static async Task PrintMemoryAsync(MitogenRoot app)
{
    await using IRemoteContext context = await app.ConnectAsync(new LocalConnection { Executable = ExecutableKind.Native });
    _ = await context.Get<IEcho>().EchoAsync(1);
    await Task.Delay(TimeSpan.FromSeconds(2));
    foreach (string line in await File.ReadAllLinesAsync($"/proc/{context.Info.ProcessId}/status"))
    {
        if (line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["VmRSS" or "RssAnon" or "Threads", ..] and var words)
        {
            Console.WriteLine($"native.idle.{words[0]} {words[1]}");
        }
    }
}

static void Print(string name, double value) => Console.WriteLine($"{name} {value:0.##}");

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
