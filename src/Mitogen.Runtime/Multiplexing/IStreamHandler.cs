namespace Mitogen.Multiplexing;

/// <summary>
/// What a stream tells the layer above. Called on link threads among others, while the stream's owner has it guarded: an implementation queues
/// what is to be done and never runs user code.
/// </summary>
internal interface IStreamHandler
{
    /// <summary>Bytes came, and maybe the end of the other side's sending. The bytes are valid during the call only.</summary>
    void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end);

    /// <summary>A message without an end has been written to batches: the next part may be sent.</summary>
    void OnSent(MuxStream stream);

    /// <summary>The other end reset the stream. <see cref="OnClosed"/> follows.</summary>
    void OnReset(MuxStream stream, ResetCode code, string message);

    /// <summary>The context at the other end is gone. <see cref="OnClosed"/> follows.</summary>
    void OnLost(MuxStream stream, DisconnectReason reason);

    /// <summary>The stream is over on this side: nothing more is sent, received or called. Comes exactly once.</summary>
    void OnClosed(MuxStream stream);
}
