using System.Globalization;

namespace Benchmarks.Suite;

/// <summary>Prints the figures as Markdown tables.</summary>
internal static class Tables
{
    private static readonly (string Subject, string Title)[] s_subjects =
    [
        ("socket", "floor: socket pair, blocking threads"),
        ("pipes", "floor: pipes, blocking threads"),
        ("handoffs", "hand-offs only"),
        ("async", "async pipe"),
        ("mitogen", "**Mitogen for .NET**"),
        ("jsonrpc", "StreamJsonRpc, MessagePack"),
        ("grpc", "gRPC, Unix socket"),
        ("python", "Mitogen (Python)"),
    ];

    private static readonly string[] s_peers = ["mitogen", "jsonrpc", "grpc", "python"];

    public static void Print(Results results)
    {
        if (s_subjects.Any(s => results.Has(s.Subject)))
        {
            PrintSingle(results);
        }

        if (s_peers.Any(results.Has))
        {
            PrintLoad(results);
            PrintVolume(results);
        }

        PrintRest(results);
    }

    private static void PrintSingle(Results results)
    {
        Section(
            "Single calls", "pinned µs (p99)", "× floor", "× pipes", "× hand-offs", "free µs (p99)", "× async pipe",
            "CPU µs pinned, client + server", "CPU µs free", "bytes allocated, caller");
        foreach ((string subject, string title) in s_subjects.Where(s => results.Has(s.Subject)))
        {
            Row(
                title,
                $"{Number(results.Median(subject, "pinned.median"))} ({Number(results.Median(subject, "pinned.p99"))})",
                Number(results.Ratio(subject, "pinned.median", "socket", "pinned.median"), "0.00"),
                Number(results.Ratio(subject, "pinned.median", "pipes", "pinned.median"), "0.00"),
                Number(results.Ratio(subject, "pinned.median", "handoffs", "pinned.median"), "0.00"),
                $"{Number(results.Median(subject, "free.median"))} ({Number(results.Median(subject, "free.p99"))})",
                Number(results.Ratio(subject, "free.median", "async", "free.median"), "0.00"),
                Processor(results, subject, "pinned"),
                Processor(results, subject, "free"),
                Number(results.Median(subject, "free.allocated"), "#,0"));
        }
    }

    private static void PrintLoad(Results results)
    {
        foreach (int outstanding in (int[])[64, 1024])
        {
            Section(
                $"{outstanding:#,0} calls outstanding", "calls/s, a loop each", "one window", "batches", "Mitogen ×", "CPU µs a call, client + server",
                "window", "bytes allocated, caller");
            foreach ((string subject, string title) in s_subjects.Where(s => s_peers.Contains(s.Subject) && results.Has(s.Subject)))
            {
                // Python's has one caller only.
                string shape = subject == "python" ? "window" : "loops";
                Row(
                    title,
                    Number(results.Median(subject, $"loops.{outstanding}.rate"), "#,0"),
                    Number(results.Median(subject, $"window.{outstanding}.rate"), "#,0"),
                    Number(results.Median(subject, $"batch.{outstanding}.rate"), "#,0"),
                    Number(results.Ratio("mitogen", $"{shape}.{outstanding}.rate", subject, $"{shape}.{outstanding}.rate"), "0.00"),
                    Processor(results, subject, $"loops.{outstanding}"),
                    Processor(results, subject, $"window.{outstanding}"),
                    Number(results.Median(subject, $"loops.{outstanding}.allocated"), "#,0"));
            }
        }
    }

    private static void PrintVolume(Results results)
    {
        Section("Volume", "1 MiB echo MB/s", "Mitogen ×");
        foreach ((string subject, string title) in s_subjects.Where(s => s_peers.Contains(s.Subject) && results.Has(s.Subject)))
        {
            Row(title, Number(results.Median(subject, "echo.rate"), "#,0"), Number(results.Ratio("mitogen", "echo.rate", subject, "echo.rate"), "0.00"));
        }
    }

    private static void PrintRest(Results results)
    {
        Section("The rest", "figure");
        Line(results, "`dotnet hello.dll`, ms", "start", "hello.ms");
        Line(results, "`ConnectAsync` to first answer, ms", "start", "connect.ms", ("start", "hello.ms"));
        Line(results, "the same, `Isolated`, ms", "start", "connect.isolated.ms", ("start", "hello.ms"));
        Line(results, "the same, the process's first, ms", "start", "connect.first.ms", ("start", "hello.ms"));
        Line(results, "the same, Mitogen (Python), ms", "python", "connect.ms");
        Line(results, "idle child, resident MiB", "memory", "resident.MiB");
        Line(results, "of that anonymous, MiB", "memory", "anonymous.MiB");
        Line(results, "idle child of Mitogen (Python), resident MiB", "python", "resident.MiB");
        foreach (string hops in (string[])["one", "two"])
        {
            Line(results, $"small call, {hops} hop{(hops == "one" ? "" : "s")}, idle: p99 µs", "bulk", $"{hops}.idle.p99");
            foreach ((string what, string key) in (ReadOnlySpan<(string, string)>)
                [("1 GiB of arguments", "bulk"), ("1 GiB of results", "result"), ("a sibling that floods", "flood"), ("1,000 open calls", "open")])
            {
                Line(results, $"beside {what}: median µs", "bulk", $"{hops}.{key}.median");
                Line(results, "p99 µs", "bulk", $"{hops}.{key}.p99", ("bulk", $"{hops}.idle.p99"));
                Line(results, "most µs", "bulk", $"{hops}.{key}.max");
                if (key != "open")
                {
                    Line(results, "its MB/s", "bulk", $"{hops}.{key}.rate");
                }
            }
        }

        foreach (string count in (string[])["0", "10", "1000", "100000"])
        {
            Line(results, $"call beside {count} pending, µs", "pending", $"pending.{count}.median", ("pending", "pending.10.median"));
        }

        foreach (string which in (string[])["one", "each"])
        {
            foreach (string count in (string[])["1", "100", "1000"])
            {
                string name = $"contexts.{which}.{count}.median";
                Line(results, $"call to {which} of {count} in-process contexts, µs", "contexts", name, ("contexts", $"contexts.{which}.1.median"));
            }
        }

        Line(results, "raw bytes one way, socket pair, MB/s", "streams", "floor.socket.rate");
        Line(results, "raw bytes one way, pipe, MB/s", "streams", "floor.pipes.rate");
        Line(results, "raw echo of 1 MiB, socket pair, MB/s", "streams", "floor.echo.rate");
        Line(results, "1 MiB echo, MB/s", "mitogen", "echo.rate", ("streams", "floor.echo.rate"));
        Line(results, "`Stream` of there, 1 GiB, MB/s", "streams", "bytes.read.rate", ("streams", "floor.socket.rate"));
        Line(results, "`Stream` of here, 1 GiB, MB/s", "streams", "bytes.sent.rate", ("streams", "floor.socket.rate"));
        Line(results, "`IAsyncEnumerable<int>` as result, items/s", "streams", "items.result.rate");
        Line(results, "`IAsyncEnumerable<int>` as argument, items/s", "streams", "items.argument.rate");
        foreach ((string title, string name) in (ReadOnlySpan<(string, string)>)
            [("a call", "call"), ("a call with a callback", "callback"), ("an object's life: made, called, disposed", "life"),
                ("a chain of 1 promise and a call", "chain1"), ("of 4", "chain4"), ("of 16", "chain16")])
        {
            Line(results, $"pinned, {title}, µs", "objects", $"{name}.median", ("objects", "call.median"));
        }

        foreach (string count in (string[])["10", "1000", "100000"])
        {
            Line(results, $"pinned, call beside {count} live objects, µs", "objects", $"live.{count}.median", ("objects", "live.10.median"));
        }

        foreach ((string title, string name) in (ReadOnlySpan<(string, string)>)
            [("a call", "call"), ("a chain of 1 promise and a call", "chain1"), ("of 4", "chain4"), ("of 16", "chain16"), ("of 16, each awaited", "awaited16")])
        {
            Line(results, $"20 ms away, {title}, µs", "delay", $"{name}.median", ("delay", "chain1.median"));
        }

        foreach (string how in (string[])["async", "blocking"])
        {
            Line(results, $"16 chains of ten calls back and forth, {how}, the first time, ms", "callbacks", $"{how}.first.ms");
            Line(results, "median, ms", "callbacks", $"{how}.median.ms");
            Line(results, "p99, ms", "callbacks", $"{how}.p99.ms");
        }

        foreach (string shape in (string[])["valuetask", "task", "blocking", "bytes"])
        {
            Line(results, $"pinned round trip, {shape}, µs", "shapes", $"{shape}.median", ("shapes", "valuetask.median"));
        }
    }

    public static string Number(double? value, string? format = null) => value is { } number
        ? number.ToString(format ?? (Math.Abs(number) < 100 ? "0.0" : "#,0"), CultureInfo.InvariantCulture)
        : "–";

    private static string Processor(Results results, string subject, string name) =>
        $"{Number(results.Median(subject, $"{name}.cpu.client"))} + {Number(results.Median(subject, $"{name}.cpu.server"))}";

    private static void Section(string title, params string[] columns)
    {
        Console.WriteLine();
        Row(title, columns);
        Row("---", [.. columns.Select(_ => "---")]);
    }

    private static void Line(Results results, string title, string subject, string figure, (string Subject, string Figure)? beside = null)
    {
        if (results.Median(subject, figure) is { } value)
        {
            double? ratio = beside is { } other ? results.Ratio(subject, figure, other.Subject, other.Figure) : null;
            Row(title, ratio is null ? Number(value) : $"{Number(value)} (× {Number(ratio, "0.00")})");
        }
    }

    private static void Row(string title, params string[] cells) => Console.WriteLine($"| {title} | {string.Join(" | ", cells)} |");
}
