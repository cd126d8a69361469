using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>A part of an answer on the way in: some items, some bytes, or a report.</summary>
internal sealed class IncomingPart
{
    // Memory follows what came, not what was announced.
    private const int ReservedAtOnce = 64 * 1024;

    // How far a producer of items may run ahead, in bytes.
    private const int ItemsAhead = 256 * 1024;

    private readonly AnswerHeader _header;

    public IncomingPart(AnswerHeader header, KernelOptions options)
    {
        _header = header;
        Buffer.Reserve((int)Math.Min(header.Length, ReservedAtOnce));
        ReadAhead = header.Kind switch
        {
            AnswerKind.Bytes => options.BulkWindow,
            AnswerKind.Items => Math.Min(ItemsAhead, options.BulkWindow),
            _ => options.InitialWindow,
        };
    }

    public AnswerKind Kind => _header.Kind;

    /// <summary>The progress parameter that a report is for.</summary>
    public int Number => _header.Number;

    public CallBuffer Buffer { get; } = new();

    public long Missing => _header.Length - Buffer.WrittenCount;

    /// <summary>Bytes that came and that the other side has not been given credit for. Guarded by the hub's lock.</summary>
    public int Uncredited { get; set; }

    /// <summary>How much the other side may send ahead once this is taken.</summary>
    public int ReadAhead { get; }

    /// <summary>The bytes were read: their memory goes to the next part.</summary>
    public void Recycle() => Buffer.Reset();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Buffer.Write(bytes);
        Uncredited += bytes.Length;
    }
}
