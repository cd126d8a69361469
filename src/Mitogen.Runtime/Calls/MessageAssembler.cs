using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// Gathers a message whose length stands in its header. Memory grows with what came, not with what was announced, and more
/// credit is granted as the bytes are taken.
/// </summary>
internal sealed class MessageAssembler
{
    // What is set aside at once for an announced length; from there on the buffer doubles as bytes come.
    private const int ReservedAtOnce = 1024 * 1024;

    private long _expected;
    private int _skipped;

    public CallBuffer Buffer { get; } = new();

    public void Start(long expected)
    {
        Buffer.Reset();
        _expected = expected;
        _skipped = 0;
        Buffer.Reserve((int)Math.Min(expected, ReservedAtOnce));
    }

    /// <summary>Bytes of the header came, and are granted anew with the first ones of the message.</summary>
    public void Skipped(int count) => _skipped = count;

    /// <summary>Whether exactly what was announced has come.</summary>
    public bool IsComplete => Buffer.WrittenCount == _expected;

    /// <returns>Whether the bytes are within what was announced.</returns>
    public bool Append(MuxStream stream, ReadOnlySpan<byte> bytes, int headerBytes)
    {
        if (bytes.Length > _expected - Buffer.WrittenCount)
        {
            return false;
        }

        Buffer.Write(bytes);
        stream.Consumed(bytes.Length + headerBytes + _skipped, _expected - Buffer.WrittenCount);
        _skipped = 0;
        return true;
    }
}
