using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>One context of a <see cref="KernelTree"/>: a real kernel, and streams that do what their first byte asks for.</summary>
internal sealed class KernelPeer : IKernelHost, ILinkDriver
{
    public KernelPeer(uint id, IEnumerable<uint> ancestors, KernelOptions options) => Kernel = new Kernel(id, ancestors, options, this);

    public Kernel Kernel { get; }

    public uint Id => Kernel.Self;

    /// <summary>The streams that others opened to this context, in the order they came.</summary>
    public List<ServedStream> Served { get; } = [];

    /// <summary>The contexts whose end was told here.</summary>
    public Dictionary<uint, DisconnectReason> Gone { get; } = [];

    public int Dropped { get; private set; }

    /// <summary>Calls that were given up before they were sent, or not taken in.</summary>
    public int Skipped { get; private set; }

    /// <summary>The time, which the test moves.</summary>
    public long Now { get; set; }

    /// <summary>When the kernel wants to be called.</summary>
    public long AlarmTime { get; private set; } = long.MaxValue;

    /// <summary>Opens a stream and sends a message.</summary>
    public OpenedStream Open(KernelPeer to, ReadOnlyMemory<byte> message, bool takes = true, StreamClass kind = StreamClass.Call)
    {
        OpenedStream opened = new(takes);
        opened.Stream = Kernel.Open(to.Id, opened, kind) ?? throw new InvalidOperationException($"There is no way from {Id} to {to.Id}.");
        opened.Stream.Send(message);
        return opened;
    }

    /// <summary>Lets the kernel do what is due.</summary>
    public void Ring()
    {
        AlarmTime = long.MaxValue;
        Kernel.OnAlarm();
    }

    void IKernelHost.SetAlarm(long time) => AlarmTime = Math.Min(AlarmTime, time);

    void IKernelHost.OnFailure(Exception error) => Failures.Add(error);

    /// <summary>What failed when it was told of a loss.</summary>
    public List<Exception> Failures { get; } = [];

    IStreamHandler? IKernelHost.Accept(MuxStream stream)
    {
        ServedStream served = new();
        Served.Add(served);
        return served;
    }

    void IKernelHost.OnSkipped(uint source, ReadOnlySpan<byte> callHeader) => Skipped++;

    void IKernelHost.OnContextGone(uint id, DisconnectReason reason) => Gone[id] = reason;

    void IKernelHost.OnGoodbye(Link link, TimeSpan grace)
    {
    }

    void IKernelHost.OnDropped(Link link, in FrameHeader header, string why) => Dropped++;

    void ILinkDriver.Wake()
    {
    }

    void ILinkDriver.Cut()
    {
    }
}
