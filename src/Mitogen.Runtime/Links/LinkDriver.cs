using Mitogen.Calls;
using Mitogen.Multiplexing;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>The mover of a link's bytes. Whatever fails in it ends this link and nothing else.</summary>
internal abstract class LinkDriver : ILinkDriver, IDeferred
{
    private readonly Action<Exception?> _onEnd;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _endReported;
    private volatile Exception? _failure;
    private bool _waking; // guarded by the hub's lock

    protected LinkDriver(CallHub hub, Link link, ILinkTransport transport, Action<Exception?> onEnd)
    {
        Hub = hub;
        Link = link;
        Transport = transport;
        _onEnd = onEnd;
        link.Driver = this;
    }

    /// <summary>A frame to send, if that can be done at once, before the link ends because nothing was heard of the other end.</summary>
    public byte[] FrameOnSilence { get; init; } = [];

    /// <summary>Completes when nothing moves any more and the transport is disposed.</summary>
    public Task Ended => _ended.Task;

    protected CallHub Hub { get; }

    protected Link Link { get; }

    protected ILinkTransport Transport { get; }

    /// <summary>Whether somebody writes, or is to write; at first until the driver moves bytes. Guarded by the hub's lock, as all that follows.</summary>
    protected bool IsWriting { get; set; } = true;

    /// <summary>Whether this side's sending is to be closed.</summary>
    protected bool IsClosing { get; private set; }

    /// <summary>The frame that is written behind all else.</summary>
    protected byte[] LastFrame { get; private set; } = [];

    /// <summary>Whether several frames came together: their answers go together.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>Whether a debugger is attached here: looked at when time passes, not with each batch.</summary>
    protected bool IsDebugged { get; set; } = AttachedDebugger.IsThere;

    /// <summary>Makes the driver that fits the transport.</summary>
    /// <param name="hub">The context's calls.</param>
    /// <param name="link">The link, not yet added to the kernel or just now.</param>
    /// <param name="transport">The bytes; disposed when the link has ended.</param>
    /// <param name="onEnd">
    /// Called once, on a thread that may block, when the link has ended: with what broke it, or null at the end of the stream.
    /// </param>
    /// <param name="frameOnSilence">A frame to send before the link ends because nothing was heard of the other end.</param>
    public static LinkDriver Create(CallHub hub, Link link, ILinkTransport transport, Action<Exception?> onEnd, byte[]? frameOnSilence = null) =>
        transport is IPolledTransport polled
            ? new PolledLink(hub, link, polled, onEnd) { FrameOnSilence = frameOnSilence ?? [] }
            : new LinkThreads(hub, link, transport, onEnd) { FrameOnSilence = frameOnSilence ?? [] };

    /// <summary>Moves the bytes: on the calling thread until the link ends, or elsewhere.</summary>
    /// <param name="leftover">Bytes that were read already.</param>
    public abstract void Run(ReadOnlySpan<byte> leftover);

    /// <summary>Writes what waits, then closes this side's sending. The other side ends the link.</summary>
    /// <param name="lastFrame">The frame that is written behind all else.</param>
    public void CloseAfterSending(byte[] lastFrame)
    {
        using (HubLock locked = Hub.Enter())
        {
            if (!IsClosing)
            {
                IsClosing = true;
                LastFrame = lastFrame;
                Wake(locked);
            }
        }
    }

    /// <summary>Ends the link though threads of it will not come back from the transport.</summary>
    /// <param name="error">What broke it.</param>
    public abstract void GiveUp(Exception error);

    void ILinkDriver.Wake() => Wake(Hub.Held());

    /// <summary>After the lock, the reader is woken by the end of the stream and finds the violation.</summary>
    void ILinkDriver.Cut() => Cut(Hub.Held());

    /// <summary>After the lock: there is something to send.</summary>
    void IDeferred.Run() => Send();

    /// <summary>Whether <see cref="Send"/> is to be called though somebody is to write.</summary>
    protected virtual bool IsOverdue => false;

    /// <summary>Writes what waits, or leaves it to who does; first it takes the turn by <see cref="TakeTurn"/>.</summary>
    protected abstract void Send();

    /// <summary>What was noted by <see cref="Wake"/> is being done.</summary>
    protected void TakeTurn() => _waking = false;

    protected void Wake(in HubLock locked)
    {
        if (!_waking && (!IsWriting || IsOverdue))
        {
            _waking = true;
            locked.Defer(this);
        }
    }

    /// <summary>Takes bytes that came.</summary>
    /// <returns>Whether anything comes behind it. A tool that keeps the other direction open does not show that a child has ended; its last word does.</returns>
    protected bool Receive(ReadOnlySpan<byte> bytes)
    {
        using (HubLock locked = Hub.Enter())
        {
            IsBusy = locked.Kernel.Receive(Link, bytes) > 1;
            return Link.LastWord is null;
        }
    }

    protected void Cut(in HubLock locked) => locked.Defer(new Cutter(Transport));

    /// <summary>Fills a batch on a thread that is not the link's own.</summary>
    protected bool TryCollect(in HubLock locked, Span<byte> batch, out int count)
    {
#pragma warning disable CA1031 // the thread is a caller's, or another link's: what goes wrong here is not theirs to see
        try
        {
            count = Link.Sender.Collect(batch);
            return true;
        }
        catch (Exception e)
        {
            Cut(locked);
            _failure = e;
            count = 0;
            return false;
        }
#pragma warning restore CA1031
    }

    /// <summary>Lets the time pass.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="canWrite">Whether nobody is in the middle of writing, or the caller is who writes.</param>
    /// <returns>What ends the link: the other end does not count as alive any more. <see langword="null"/> if it does.</returns>
    protected TimeoutException? Tick(in HubLock locked, bool canWrite)
    {
        if (Link.IsClosed || locked.Kernel.Tick(Link, Environment.TickCount64, IsDebugged))
        {
            return null;
        }

        if (canWrite)
        {
            WriteOnSilence();
        }

        return new TimeoutException(
            $"Nothing was heard of it for {TimeSpan.FromMilliseconds(Hub.Options.SilenceMilliseconds)} (the option KeepAliveTimeout): the network is cut, " +
            "or the machine or the process stands still.");
    }

    /// <summary>Tells the owner, once.</summary>
    protected void Report(Exception? error)
    {
        if (Interlocked.Exchange(ref _endReported, 1) != 0)
        {
            return;
        }

#pragma warning disable CA1031 // a link's end is told on threads above which nobody is
        try
        {
            _onEnd(Explain(Link.Violation ?? _failure ?? error));
        }
        catch (Exception e)
        {
            Hub.Host.OnFailure(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Nothing moves any more.</summary>
    protected void Finish()
    {
        Transport.Dispose();
        _ended.SetResult();
    }

    private void WriteOnSilence()
    {
        IsWriting = true; // for good: the link ends
        try
        {
            _ = Transport.TryWrite(FrameOnSilence);
        }
        catch (IOException)
        {
            // The link is broken as well: nobody is there to be told.
        }
    }

    /// <summary>
    /// An error that nobody foresaw came of received bytes, and ends the link as a broken protocol does; the log has the whole of it.
    /// </summary>
    private Exception? Explain(Exception? error)
    {
        if (error is null or IOException or TimeoutException or ProtocolBrokenException or ObjectDisposedException)
        {
            return error;
        }

        Hub.Host.OnFailure(error);
        return new ProtocolBrokenException($"What it sent could not be handled: {error.GetType().Name}: {error.Message}");
    }

    /// <summary>Wakes a reader, once the lock is released, by the end of what it reads.</summary>
    private sealed class Cutter(ILinkTransport transport) : IDeferred
    {
        public void Run() => transport.Abort();
    }
}
