using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>The events of a kernel for the context that owns it. Called while its owner has it guarded: implementations queue and return.</summary>
internal interface IKernelHost
{
    /// <summary>The owner's clock, in milliseconds.</summary>
    long Now { get; }

    /// <summary>Asks for a call of <see cref="Kernel.OnAlarm"/> at that time of the clock, or as soon as the kernel is free if it is past.</summary>
    void SetAlarm(long time);

    /// <summary>A context opened a stream to this one.</summary>
    /// <returns>Who takes the stream's bytes; <see langword="null"/> refuses it.</returns>
    IStreamHandler? Accept(MuxStream stream);

    /// <summary>A context gave a call up before sending it, or it was not taken in; the body begins with its call header.</summary>
    void OnSkipped(uint source, ReadOnlySpan<byte> callHeader);

    /// <summary>A context is gone; streams to it have been told.</summary>
    void OnContextGone(uint id, DisconnectReason reason);

    /// <summary>The neighbour ends the link in order.</summary>
    void OnGoodbye(Link link, TimeSpan grace);

    /// <summary>A frame was dropped because its sender may not send it.</summary>
    void OnDropped(Link link, in FrameHeader header, string why);

    /// <summary>A handler failed when it was told of a loss; all others are told nevertheless.</summary>
    void OnFailure(Exception error);
}
