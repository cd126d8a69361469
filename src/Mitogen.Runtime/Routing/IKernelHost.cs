using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>What a kernel tells the context that owns it. Called under the kernel's lock: implementations queue and return.</summary>
internal interface IKernelHost
{
    /// <summary>A context opened a stream to this one.</summary>
    /// <returns>Who takes the stream's bytes; <see langword="null"/> refuses it.</returns>
    IStreamHandler? Accept(MuxStream stream);

    /// <summary>A context gave a call up before sending it; the payload is its call header.</summary>
    void OnSkipped(uint source, ReadOnlySpan<byte> callHeader);

    /// <summary>A context is gone; streams to it have been told.</summary>
    void OnContextGone(uint id, DisconnectReason reason);

    /// <summary>The neighbour ends the link in order.</summary>
    void OnGoodbye(Link link, TimeSpan grace);

    /// <summary>A frame was dropped because its sender may not send it.</summary>
    void OnDropped(Link link, in FrameHeader header, string why);
}
