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

    public CallBuffer Buffer { get; } = new();

    public void Start(long expected)
    {
        Buffer.Reset();
        _expected = expected;
        Buffer.Reserve((int)Math.Min(expected, ReservedAtOnce));
    }

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
        stream.Consumed(bytes.Length + headerBytes, _expected - Buffer.WrittenCount);
        return true;
    }
}
