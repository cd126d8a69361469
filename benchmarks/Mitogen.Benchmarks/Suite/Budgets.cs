namespace Benchmarks.Suite;

/// <summary>What Mitogen's figures are to be, and whether they are.</summary>
internal static class Budgets
{
    private const double Flat = 0.2;
    private const double SmallCallLimit = 2000;

    public static void Print(Results results)
    {
        Console.WriteLine();
        Console.WriteLine("| budget | figure | |");
        Console.WriteLine("| --- | --- | --- |");
        AtMost("pinned round trip ≤ 4 × the floor", results.Ratio("mitogen", "pinned.median", "socket", "pinned.median"), 4);
        AtMost("pinned round trip ≤ 1.5 × hand-offs only", results.Ratio("mitogen", "pinned.median", "handoffs", "pinned.median"), 1.5);
        AtLeast("calls/s with 1,024 outstanding ≥ 400,000", results.Median("mitogen", "loops.1024.rate"), 400_000);
        AtLeast("calls/s with 64 outstanding ≥ 200,000", results.Median("mitogen", "loops.64.rate"), 200_000);
        AtMost("CPU µs a pipelined call, both sides ≤ 4", Sum(results, "loops.1024.cpu.client", "loops.1024.cpu.server"), 4);
        AtMost("bytes allocated a call ≤ 200, one at a time", results.Median("mitogen", "free.allocated"), 200);
        AtMost("bytes allocated a call ≤ 200, pipelined", results.Median("mitogen", "loops.1024.allocated"), 200);
        foreach (string hops in (string[])["one", "two"])
        {
            AtMost(
                $"small call's p99 beside 1 GiB ≤ 5 × idle or 2 ms, {hops} hop{(hops == "one" ? "" : "s")}, µs", results.Median("bulk", $"{hops}.bulk.p99"),
                Math.Max(SmallCallLimit, 5 * results.Median("bulk", $"{hops}.idle.p99") ?? 0));
        }

        AtMost("first answer ≤ 3 × dotnet hello.dll", results.Ratio("start", "connect.ms", "start", "hello.ms"), 3);
        foreach (string count in (string[])["1000", "100000"])
        {
            Even($"call beside {count} pending calls = beside 10, ± 20 %", results.Ratio("pending", $"pending.{count}.median", "pending", "pending.10.median"));
        }

        AtLeast("items/s of a stream ≥ 5,000,000", results.Median("streams", "items.result.rate"), 5_000_000);
        AtLeast("byte stream ≥ 50 % of raw bytes one way, socket pair", results.Ratio("streams", "bytes.read.rate", "streams", "floor.socket.rate"), 0.5);
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
