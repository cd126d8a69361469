namespace Benchmarks.Floors;

/// <summary>As many bytes as a call of <c>Add(int, int)</c> and its answer have on the wire, with nothing in them.</summary>
internal static class FloorMessages
{
    /// <summary>Frame header, call header, two integers.</summary>
    public const int Request = 24 + 48 + 8;

    /// <summary>Frame header, answer header, one integer.</summary>
    public const int Answer = 24 + 8 + 4;

    /// <summary>Reads as many bytes as the buffer has.</summary>
    /// <returns>Whether they came before the end of the stream.</returns>
    public static bool TryReadAll(Func<Span<byte>, int> read, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = read(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
