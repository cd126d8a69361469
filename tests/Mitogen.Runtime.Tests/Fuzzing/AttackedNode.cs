using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Hosting;
using Mitogen.Links;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>A real context with one link, whose other end is the test: it gets what the test says, and nothing is checked on the way.</summary>
internal sealed class AttackedNode : ILinkDriver, ILogOutput, IDisposable
{
    private readonly MemoryPump _pump = new();
    private readonly SemaphoreSlim _woken = new(0);
    private readonly FrameReader _reader = new();
    private readonly byte[] _batch = new byte[2 * (FrameHeader.Size + FrameHeader.MaxBody)];

    /// <param name="attacker">Where the attacker stands.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="loggers">Where the context logs.</param>
    public AttackedNode(LinkRole attacker, KernelOptions? options = null, ILoggerFactory? loggers = null)
    {
        bool isRoot = attacker == LinkRole.Child;
        Attacker = isRoot ? IdLeases.Root + 1 : IdLeases.Root;
        Node = new ContextNode(new NodeOptions
        {
            Id = isRoot ? IdLeases.Root : IdLeases.Root + 1,
            Name = isRoot ? "root" : "child",
            Ancestors = isRoot ? [] : [new Ancestor(IdLeases.Root, "root")],
            Catalog = RemoteCatalog.Default,
            Kernel = options ?? new KernelOptions(),
            Loggers = loggers ?? NullLoggerFactory.Instance,
            Info = ContextProcess.DescribeSelf(),
            Connector = new InProcessConnector(_pump),
            Output = this,
        });
        Link = new Link(attacker, Attacker, "root/hostile") { Driver = this };
        using (HubLock locked = Node.Hub.Enter())
        {
            locked.Kernel.AddLink(Link);
        }

        Node.Hub.StartServing();
    }

    public ContextNode Node { get; }

    public Link Link { get; }

    /// <summary>The attacker's id.</summary>
    public uint Attacker { get; }

    /// <summary>What came as log records.</summary>
    public List<LogBatch> Logged { get; } = [];

    /// <summary>A handle for the attacker, who is a child.</summary>
    public ContextHandle Handle()
    {
        ContextHandle handle = new(Node, Node.Self, "hostile", "root/hostile");
        using (HubLock locked = Node.Hub.Enter())
        {
            handle.SetUp(locked, Attacker, ContextProcess.DescribeSelf());
        }

        return handle;
    }

    /// <summary>One frame from the attacker.</summary>
    public void Feed(FrameKind kind, FrameFlags flags, ulong stream, ReadOnlySpan<byte> body, bool toTheLink = false)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(body.Length, kind, flags, toTheLink ? 0 : Node.Options.Id, Attacker, stream).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.Size));
        using (HubLock locked = Node.Hub.Enter())
        {
            locked.Kernel.Receive(Link, frame);
        }
    }

    /// <summary>Waits for the next frame that the context sends to the attacker.</summary>
    public FrameHeader Next(Func<FrameHeader, bool> wanted) => NextAll(wanted)[^1];

    /// <summary>Waits for such frames that the context sends to the attacker, and takes all that come together.</summary>
    public IReadOnlyList<FrameHeader> NextAll(Func<FrameHeader, bool> wanted)
    {
        List<FrameHeader> found = [];
        while (true)
        {
            int count;
            using (Node.Hub.Enter())
            {
                count = Link.Sender.Collect(_batch);
            }

            ReadOnlySpan<byte> bytes = _batch.AsSpan(0, count);
            while (_reader.TryRead(ref bytes, out FrameHeader header, out _))
            {
                if (wanted(header))
                {
                    found.Add(header);
                }
            }

            if (found.Count > 0)
            {
                return found;
            }

            Assert.True(count > 0 || _woken.Wait(Eventually.Patience, TestContext.Current.CancellationToken), "Nothing comes.");
        }
    }

    /// <summary>Makes the link throw when the context has something to send.</summary>
    public bool IsBroken { get; set; }

    void ILinkDriver.Wake() => _ = IsBroken ? throw new InvalidOperationException("The link is broken.") : _woken.Release();

    Task ILogOutput.Write(in LogSource source, LogBatch batch)
    {
        Logged.Add(batch);
        return Task.CompletedTask;
    }

    void ILinkDriver.Cut()
    {
    }

    public void Dispose()
    {
        using (HubLock locked = Node.Hub.Enter())
        {
            locked.Kernel.LinkLost(Link, new DisconnectReason(DisconnectKind.ProtocolViolation, "It broke the protocol."));
        }

        Node.EndSelfAsync(new DisconnectReason(DisconnectKind.Disposed, "It was disposed.")).Wait();
        _pump.Dispose();
        _woken.Dispose();
    }
}
