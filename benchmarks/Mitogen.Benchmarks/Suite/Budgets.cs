namespace Benchmarks.Suite;

/// <summary>What Mitogen's figures are to be, and whether they are.</summary>
internal static class Budgets
{
    private const double Flat = 0.2;

    public static void Print(Results results)
    {
        Console.WriteLine();
        Console.WriteLine("| budget | figure | |");
        Console.WriteLine("| --- | --- | --- |");
        AtMost("round trip, one core ≤ 1.7 × the floor", results.Ratio("mitogen", "pinned.median", "socket", "pinned.median"), 1.7);
        AtMost("round trip, scheduler's choice ≤ 1.8 × the floor", results.Ratio("mitogen", "free.median", "socket", "free.median"), 1.8);
        AtMost("CPU µs of it here ≤ 25", results.Median("mitogen", "free.cpu.client"), 25);
        AtMost("CPU µs of it there ≤ 25", results.Median("mitogen", "free.cpu.server"), 25);
        AtMost("blocking call, one core ≤ 1.7 × the floor", results.Ratio("shapes", "blocking.median", "socket", "pinned.median"), 1.7);
        AtLeast("calls/s with 1,024 outstanding ≥ 1,000,000", results.Median("mitogen", "loops.1024.rate"), 1_000_000);
        AtLeast("calls/s with 64 outstanding ≥ 500,000", results.Median("mitogen", "loops.64.rate"), 500_000);
        AtMost("CPU µs a pipelined call, both sides ≤ 2", Sum(results, "loops.1024.cpu.client", "loops.1024.cpu.server"), 2);
        AtMost("bytes allocated a call ≤ 1, one at a time", results.Median("mitogen", "free.allocated"), 1);
        AtMost("bytes allocated a call ≤ 1, pipelined", results.Median("mitogen", "loops.1024.allocated"), 1);
        AtLeast("1 MiB echo ≥ 50 % of the raw echo", results.Ratio("mitogen", "echo.rate", "streams", "floor.echo.rate"), 0.5);
        AtLeast("`Stream` of there, 1 GiB ≥ 80 % of raw bytes one way", results.Ratio("streams", "bytes.read.rate", "streams", "floor.socket.rate"), 0.8);
        AtLeast("`Stream` of here, 1 GiB ≥ 80 % of raw bytes one way", results.Ratio("streams", "bytes.sent.rate", "streams", "floor.socket.rate"), 0.8);
        AtLeast("items/s of a stream ≥ 20,000,000", results.Median("streams", "items.result.rate"), 20_000_000);
        foreach ((string hops, int limit) in ((string, int)[])[("one", 2), ("two", 3)])
        {
            foreach ((string key, string what) in ((string, string)[])[("bulk", "arguments"), ("result", "results")])
            {
                string beside = $"small call beside 1 GiB of {what}, {hops} hop{(hops == "one" ? "" : "s")}";
                AtMost($"{beside}: p99 ≤ {limit} × idle", results.Ratio("bulk", $"{hops}.{key}.p99", "bulk", $"{hops}.idle.p99"), limit);
                AtMost($"{beside}: worst µs ≤ 20,000", results.Median("bulk", $"{hops}.{key}.max"), 20_000);
            }

            AtMost($"beside a sibling that floods, {hops}: p99 ≤ 10 × idle", results.Ratio("bulk", $"{hops}.flood.p99", "bulk", $"{hops}.idle.p99"), 10);
        }

        AtMost("managed context's first answer ≤ 2 × dotnet hello.dll", results.Ratio("start", "connect.ms", "start", "hello.ms"), 2);
        AtMost("the same, isolated ≤ 2.5 ×", results.Ratio("start", "connect.isolated.ms", "start", "hello.ms"), 2.5);
        AtMost("idle managed child, MiB ≤ 30", results.Median("memory", "resident.MiB"), 30);
        AtMost("chain of 16 promises ≤ 4 × a call", results.Ratio("objects", "chain16.median", "objects", "call.median"), 4);
        foreach (string count in (string[])["1000", "100000"])
        {
            Even($"call beside {count} pending calls = beside 10, ± 20 %", results.Ratio("pending", $"pending.{count}.median", "pending", "pending.10.median"));
        }

        AtLeast("byte stream ≥ 50 % of raw bytes one way, pipe", results.Ratio("streams", "bytes.read.rate", "streams", "floor.pipes.rate"), 0.5);
        foreach (string count in (string[])["1000", "100000"])
        {
            Even($"call beside {count} live objects = beside 10, ± 20 %", results.Ratio("objects", $"live.{count}.median", "objects", "live.10.median"));
        }

        AtMost("chain of 16 promises through a link of 20 ms ≤ 1.5 × one of 1", results.Ratio("delay", "chain16.median", "delay", "chain1.median"), 1.5);
        foreach (string how in (string[])["async", "blocking"])
        {
            AtMost($"16 chains of ten calls back and forth, {how}: ms < 1,000", results.Median("callbacks", $"{how}.first.ms"), 1000);
        }

        foreach (string count in (string[])["100", "1000"])
        {
            Even($"call with {count} contexts = with 1, ± 20 %", results.Ratio("contexts", $"contexts.one.{count}.median", "contexts", "contexts.one.1.median"));
        }
    }

    private static double? Sum(Results results, string one, string other) => results.Median("mitogen", one) + results.Median("mitogen", other);

    private static void AtMost(string what, double? figure, double limit) => Row(what, figure, figure <= limit);

    private static void AtLeast(string what, double? figure, double limit) => Row(what, figure, figure >= limit);

    private static void Even(string what, double? ratio) => Row(what, ratio, Math.Abs((ratio ?? 1) - 1) <= Flat);

    private static void Row(string what, double? figure, bool met)
    {
        if (figure is { } value)
        {
            Console.WriteLine($"| {what} | {Tables.Number(value, Math.Abs(value) < 100 ? "0.00" : "#,0")} | {(met ? "pass" : "**MISS**")} |");
        }
    }
}
