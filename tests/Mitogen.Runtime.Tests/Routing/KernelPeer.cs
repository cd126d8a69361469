using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>One context of a <see cref="KernelTree"/>: a real kernel, and streams that do what their first byte asks for.</summary>
internal sealed class KernelPeer : IKernelHost, ILinkDriver
{
    public KernelPeer(uint id, KernelOptions options) => Kernel = new Kernel(id, options, this);

    public Kernel Kernel { get; }

    public uint Id => Kernel.Self;

    /// <summary>The streams that others opened to this context, in the order they came.</summary>
    public List<ServedStream> Served { get; } = [];

    /// <summary>The contexts whose end was told here.</summary>
    public Dictionary<uint, DisconnectReason> Gone { get; } = [];

    public int Dropped { get; private set; }

    /// <summary>Opens a stream and sends a message.</summary>
    public OpenedStream Open(KernelPeer to, ReadOnlyMemory<byte> message, bool takes = true)
    {
        OpenedStream opened = new(takes);
        opened.Stream = Kernel.Open(to.Id, opened) ?? throw new InvalidOperationException($"There is no way from {Id} to {to.Id}.");
        opened.Stream.Send(message);
        return opened;
    }

    IStreamHandler? IKernelHost.Accept(MuxStream stream)
    {
        ServedStream served = new();
        Served.Add(served);
        return served;
    }

    void IKernelHost.OnSkipped(uint source, ReadOnlySpan<byte> callHeader)
    {
    }

    void IKernelHost.OnContextGone(uint id, DisconnectReason reason) => Gone[id] = reason;

    void IKernelHost.OnGoodbye(Link link, TimeSpan grace)
    {
    }

    void IKernelHost.OnDropped(Link link, in FrameHeader header, string why) => Dropped++;

    void ILinkDriver.Wake()
    {
    }
}
