using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Hosting;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>A real context with one link, whose other end is the test: it gets what the test says, and nothing is checked on the way.</summary>
internal sealed class AttackedNode : ILinkDriver, IDisposable
{
    private readonly NodeTree _tree;
    private readonly TreeNode _node;
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
        _tree = new NodeTree(options, loggers: loggers);
        _node = isRoot ? _tree.Make(IdLeases.Root, "root", []) : _tree.Make(IdLeases.Root + 1, "child", [new Ancestor(IdLeases.Root, "root")]);
        Link = new Link(attacker, Attacker, "root/hostile") { Driver = this };
        using (HubLock locked = Node.Hub.Enter())
        {
            locked.Kernel.AddLink(Link);
        }

        Node.Hub.Served.Start();
    }

    public ContextNode Node => _node.Node;

    public Link Link { get; }

    /// <summary>The attacker's id.</summary>
    public uint Attacker { get; }

    /// <summary>What came as log records.</summary>
    public List<LogBatch> Logged => _node.Logged;

    /// <summary>A link to another child, on which nothing moves.</summary>
    public Link AddBeside(uint id, string name = "beside")
    {
        Link link = new(LinkRole.Child, id, name) { Driver = IdleDriver.Instance };
        using HubLock locked = Node.Hub.Enter();
        locked.Kernel.AddLink(link);
        return link;
    }

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
        byte[] frame = Frames.Of(new FrameHeader(body.Length, kind, flags, toTheLink ? 0 : Node.Options.Id, Attacker, stream), body);
        using (HubLock locked = Node.Hub.Enter())
        {
            locked.Kernel.Receive(Link, frame);
        }
    }

    /// <summary>Takes what the context has to send, until it has nothing more.</summary>
    public void Drain()
    {
        using (Node.Hub.Enter())
        {
            while (Link.Sender.Collect(_batch) > 0)
            {
            }
        }
    }

    /// <summary>The streams that the context has open.</summary>
    public int StreamCount
    {
        get
        {
            using HubLock locked = Node.Hub.Enter();
            return locked.Kernel.StreamCount;
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

    void ILinkDriver.Cut()
    {
    }

    public void Dispose()
    {
        using (HubLock locked = Node.Hub.Enter())
        {
            locked.Kernel.LinkLost(Link, new DisconnectReason(DisconnectKind.ProtocolBroken, "It broke the protocol."));
        }

        _tree.Dispose();
        _woken.Dispose();
    }
}
