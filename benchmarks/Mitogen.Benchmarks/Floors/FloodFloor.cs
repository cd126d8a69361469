using System.Diagnostics;

namespace Benchmarks.Floors;

/// <summary>Bytes one way with blocking threads and no protocol: what a stream of bytes can reach.</summary>
internal static class FloodFloor
{
    private const int Block = 128 * 1024;

    /// <summary>How fast so many bytes come from another process, in MB/s.</summary>
    public static async Task<double> MeasureAsync(Func<string, FloorChild> start, long bytes)
    {
        await using FloorChild child = start("flood");
        byte[] buffer = new byte[Block];
        child.Write(BitConverter.GetBytes(bytes));
        long begun = Stopwatch.GetTimestamp();
        for (long left = bytes; left > 0;)
        {
            int count = child.Read(buffer);
            left = count > 0 ? left - count : throw new EndOfStreamException("The floor's other side ended.");
        }

        return bytes / 1e6 / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>The other side.</summary>
    public static void Serve()
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        byte[] count = new byte[sizeof(long)];
        byte[] block = new byte[Block];
        input.ReadExactly(count);
        for (long left = BitConverter.ToInt64(count); left > 0; left -= block.Length)
        {
            output.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        }
    }
}
