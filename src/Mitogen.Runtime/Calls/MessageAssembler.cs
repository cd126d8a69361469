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
    private int _headerBytes;

    public CallBuffer Buffer { get; } = new();

    /// <param name="expected">How many bytes the message has.</param>
    /// <param name="headerBytes">Bytes that came before it; they are granted anew with the first ones of the message.</param>
    public void Start(long expected, int headerBytes = 0)
    {
        Buffer.Reset();
        _expected = expected;
        _headerBytes = headerBytes;
        Buffer.Reserve((int)Math.Min(expected, ReservedAtOnce));
    }

    /// <summary>Whether exactly what was announced has come.</summary>
    public bool IsComplete => Buffer.WrittenCount == _expected;

    /// <returns>Whether the bytes are within what was announced.</returns>
    public bool Append(MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _expected - Buffer.WrittenCount)
        {
            return false;
        }

        Buffer.Write(bytes);
        stream.Consumed(bytes.Length + _headerBytes, _expected - Buffer.WrittenCount);
        _headerBytes = 0;
        return true;
    }
}
