using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>The opener's end of a stream in a <see cref="KernelTree"/>. It takes the answer, or never reads it.</summary>
internal sealed class OpenedStream(bool takes) : IStreamHandler
{
    public MuxStream Stream { get; set; } = null!;

    /// <summary>The bytes of the answer that came.</summary>
    public long Received { get; private set; }

    public bool IsAnswered { get; private set; }

    public ResetCode? Reset { get; private set; }

    public string? ResetMessage { get; private set; }

    public DisconnectReason? Lost { get; private set; }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        Received += bytes.Length;
        IsAnswered = end;
        if (takes)
        {
            stream.Consumed(bytes.Length, int.MaxValue);
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message) => (Reset, ResetMessage) = (code, message);

    public void OnLost(MuxStream stream, DisconnectReason reason) => Lost = reason;

    public void OnSent(MuxStream stream)
    {
    }

    public void OnClosed(MuxStream stream)
    {
    }
}
