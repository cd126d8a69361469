using System.Diagnostics;

namespace Benchmarks.Floors;

/// <summary>Long messages there and back with blocking threads and no protocol, one at a time: what an echo can reach.</summary>
internal static class EchoFloor
{
    private const int Block = 128 * 1024;

    /// <summary>How many bytes came back, in MB/s.</summary>
    /// <param name="size">The bytes of a message.</param>
    /// <param name="time">How long it is measured.</param>
    public static async Task<double> MeasureAsync(int size, TimeSpan time)
    {
        await using FloorChild child = FloorChild.OverSocket("echo");
        byte[] message = new byte[size];
        byte[] answer = new byte[size];
        using SemaphoreSlim next = new(0);
        bool isOver = false;

        // What comes back has to be read while the message is written: neither process holds all of it.
        Thread writer = new(() =>
        {
            for (next.Wait(); !Volatile.Read(ref isOver); next.Wait())
            {
                child.Write(message);
            }
        });
        writer.Start();
        long echoes = 0;
        long begun = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(begun) < time; echoes++)
        {
            _ = next.Release();
            if (!FloorMessages.TryReadAll(child.Read, answer))
            {
                throw new EndOfStreamException("The floor's other side ended.");
            }
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(begun);
        Volatile.Write(ref isOver, true);
        _ = next.Release();
        writer.Join();
        return echoes * (size / 1e6) / taken.TotalSeconds;
    }

    /// <summary>The other side.</summary>
    public static void Serve()
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        byte[] block = new byte[Block];
        for (int count; (count = input.Read(block)) > 0;)
        {
            output.Write(block.AsSpan(0, count));
        }
    }
}
