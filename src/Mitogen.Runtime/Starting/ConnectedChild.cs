using Mitogen.Calls;
using Mitogen.Connections;
using Mitogen.Contexts;
using Mitogen.Handshake;
using Mitogen.Import;
using Mitogen.Interop;
using Mitogen.Links;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Starting;

/// <summary>A context behind a carrier: the thread that shakes hands and then reads, and its end.</summary>
#pragma warning disable CA1001 // its token source has no timer, and so nothing to dispose
internal sealed class ConnectedChild : ChildContext
#pragma warning restore CA1001
{
    // How long a process may take to be gone after its link is: what it had to say and its status then stand in the reason.
    private static readonly TimeSpan s_exitTime = TimeSpan.FromSeconds(1);

    // The time that a context which hung for all of its grace may still take to send its last output and log records.
    private static readonly TimeSpan s_flushTime = TimeSpan.FromSeconds(3);

    // The bytes that are sent at once: a slow line takes one of them within the time that it has for it.
    private const int PieceSize = 16 * 1024;

    private readonly ContextNode _node;
    private readonly Welcomer _welcomer;
    private readonly ICarrier _carrier;
    private readonly Conversation _conversation;
    private readonly StartAttempt _attempt;
    private readonly Way _way;
    private readonly TaskCompletionSource<Hello> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkDriver _driver;
    private readonly Lock _endLock = new();
    private readonly CancellationTokenSource _givenUp = new();
    private Task? _end;
    private ContextInfo? _info;

    /// <param name="attempt">The try that starts it.</param>
    /// <param name="carrier">The carrier of its link.</param>
    public ConnectedChild(StartAttempt attempt, ICarrier carrier)
        : base(attempt.Start.Id, attempt.Start.Handle, attempt.Start.Connection.GracePeriod)
    {
        _attempt = attempt;
        _way = attempt.Way;
        _node = attempt.Start.Node;
        _welcomer = new Welcomer(attempt.Start, attempt.Program);
        _carrier = carrier;

        // The thread that listens is the context's own; what it waits for here is made on other ones, and given up with the context.
        _conversation = new Conversation(
            attempt.Nonce, _way.Choose is { } choose ? report => choose(report, _givenUp.Token).GetAwaiter().GetResult() : null, OnWord);
        Link = new Link(LinkRole.Child, attempt.Start.Id, attempt.Start.Handle.Path);
        _driver = LinkDriver.Create(_node.Hub, Link, carrier.Transport, OnLinkEnded);
    }

    public override Link Link { get; }

    public override ContextInfo Info => _info ?? throw new InvalidOperationException("The context has not said hello.");

    public override IAssemblyProvider? Assemblies => _welcomer.Assemblies is { } all ? new WatchedAssemblies(all, _attempt.Watch) : null;

    /// <summary>Completes with the hello; faults with what came instead.</summary>
    public Task<Hello> Hello => _hello.Task;

    /// <summary>Whether it said hello, answered or not.</summary>
    public bool HasSaidHello => _conversation.Hello is not null;

    public bool HasNoise => _conversation.HasNoise;

    /// <summary>Whether a shell, or the context, has said anything that is ours.</summary>
    public bool HasSpoken => _conversation.HasSpoken;

    public IReadOnlyList<string> NoiseLines => _conversation.HasNoise ? _conversation.NoiseLines : [];

    /// <summary>The report before its hello, if a shell came first.</summary>
    public TargetReport? Report => _conversation.Report;

    /// <summary>The last lines that were printed, on both outputs.</summary>
    public IReadOnlyList<string> LastLines =>
        [.. NoiseLines, .. ErrorLines];

    private IReadOnlyList<string> ErrorLines => [.. _carrier.LastStderrLines.Select(_way.Show).OfType<string>()];

    public ICarrier Carrier => _carrier;

    /// <summary>Starts the thread; <see cref="Hello"/> faults if there is none to be had.</summary>
    public void Start()
    {
        try
        {
            _ = OwnThread.Start("mitogen-read", Run);
        }
        catch (IOException e)
        {
            Fail(new StartRefusedException(new LaunchProblem(BootstrapReason.ExitedEarly, $"It needs a thread here. {e.Message}")));
        }
    }

    public override Task EndAsync()
    {
        lock (_endLock)
        {
            return _end ??= EndCoreAsync();
        }
    }

    private async Task EndCoreAsync()
    {
        await _givenUp.CancelAsync().ConfigureAwait(false);
        if (_info is not null && !Link.IsClosed)
        {
            using (HubLock locked = _node.Hub.Enter())
            {
                locked.Kernel.SendGoodbye(Link, Grace);
            }

            // It has its grace to end in order; the link's end tells that it did.
            await _gone.Task.WaitAsync(Grace + s_flushTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await EndCarrierAsync(_gone.Task.IsCompleted ? s_exitTime : TimeSpan.Zero).ConfigureAwait(false);
        await _gone.Task.ConfigureAwait(false);
        if (_info is not null && !_carrier.HoldsThreads)
        {
            await _driver.Ended.ConfigureAwait(false);
        }
    }

    private async Task EndCarrierAsync(TimeSpan grace)
    {
        try
        {
            await _carrier.EndAsync(grace).ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            Log.EndFailed(_node.Logger, _attempt.Start.Handle.Path, e);
        }

        if (_carrier.HoldsThreads)
        {
            // What they would tell at their end is told here.
            IOException held = new("The code that carried it does not return.");
            if (_info is null)
            {
                Fail(held);
            }
            else
            {
                _driver.GiveUp(held);
            }
        }
    }

    private void Run()
    {
        try
        {
            Hello hello = Listen();

            // This thread is the context's own and has nothing else to do; what it waits for is made on other ones.
            Write("the program's assemblies", [_welcomer.WriteAsync(_conversation.Sent?.Code ?? _way.Code, _attempt.Watch.Advance).GetAwaiter().GetResult()]);
            _node.AddChild(this);
            _info = hello.Info;
        }
#pragma warning disable CA1031 // whoever waits for the hello is told
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            return;
        }

        _ = _hello.TrySetResult(_conversation.Hello!);
        _driver.Run(_conversation.Leftover);
    }

    // In this order: who sees the failure ends the process, and then finds that there is nothing to say goodbye to.
    private void Fail(Exception e)
    {
        _ = _gone.TrySetResult();
        _ = _hello.TrySetException(e);
    }

    private Hello Listen()
    {
        byte[] buffer = new byte[4096];
        IOException? broken = null;
        while (_conversation.Hello is null)
        {
            int count = _carrier.Transport.Read(buffer);
            if (count == 0)
            {
                throw broken ?? new EndOfStreamException("The process closed its output before it said hello.");
            }

            IReadOnlyList<ReadOnlyMemory<byte>> replies = _conversation.Feed(buffer.AsSpan(0, count));
            _attempt.Typist.OnOutput(_conversation.Tail);
            _attempt.Times.Received += count;
            _attempt.Times.Update(_conversation.Report is not null, _conversation.Hello is not null);
            try
            {
                Write("the executable", replies);
            }
            catch (IOException e)
            {
                // A stage that cannot go on ends without reading the executable; why stands in what it said last.
                broken = e;
            }
        }

        return _conversation.Hello;
    }

    private void OnWord()
    {
        _attempt.Typist.End();
        _attempt.Watch.Hear();
    }

    private void Write(string what, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        // As everything that this thread waits for, given up with the context.
        _attempt.Watch.BeginSendingAsync(what, parts.Sum(static part => (long)part.Length), _givenUp.Token).GetAwaiter().GetResult();
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            for (int offset = 0; offset < part.Length; offset += PieceSize)
            {
                ReadOnlyMemory<byte> piece = part.Slice(offset, Math.Min(PieceSize, part.Length - offset));
                _carrier.Transport.Write(piece.Span);
                _attempt.Watch.Take(piece.Length);
                _attempt.Times.Sent += piece.Length;
            }
        }

        _attempt.Watch.EndSending();
    }

    /// <summary>On a link thread, which has nothing else to do any more: finds out why, and tells everyone who waits.</summary>
    private void OnLinkEnded(Exception? error)
    {
        // A context that ended the link in order waits for the same from this side before it exits.
        _carrier.Transport.CloseWriting();
        bool wasEnding;
        lock (_endLock)
        {
            wasEnding = _end is not null;
        }

        DisconnectReason reason = wasEnding ? EndReason
            : error is TimeoutException ? new DisconnectReason(DisconnectKind.KeepAlive, error.Message, null, ErrorLines)
            : error is ProtocolBrokenException ? new DisconnectReason(DisconnectKind.ProtocolBroken, error.Message)
            : DescribeLoss(error) with { LastLines = ErrorLines };
        SetReady($"It ended before it was ready to be called. {reason.Message}");
        _node.LoseChild(this, reason);
        _ = _gone.TrySetResult();
        if (!wasEnding)
        {
            _ = _node.EndLostAsync(this);
        }
    }

    /// <summary>
    /// Who knows best: the context, which said why it ends; then the process that was here. If this process itself did not run for longer than
    /// a context waits for it, that is why the context is gone, whatever its process could tell of that.
    /// </summary>
    private DisconnectReason DescribeLoss(Exception? error)
    {
        DisconnectReason? last;
        bool wasTooSilent;
        using (HubLock locked = _node.Hub.Enter())
        {
            last = Link.LastWord;
            wasTooSilent = locked.Kernel.WasTooSilent(Link, Environment.TickCount64);
        }

        DisconnectReason? exit = DescribeExit();
        if (last is not null)
        {
            // It speaks of the end that is to come; the process's own status is what became of it.
            return last with { ExitCode = _way.Choose is null ? exit?.ExitCode ?? last.ExitCode : last.ExitCode };
        }

        if (wasTooSilent && exit is not { Kind: DisconnectKind.Exited, ExitCode: not (128 + Libc.Kill) and not null })
        {
            return new DisconnectReason(
                DisconnectKind.ParentSilent,
                $"This process did not run for longer than the option KeepAliveTimeout allows (was it stopped, or the machine asleep?), so the context ended itself. {exit?.Message}".TrimEnd(),
                exit?.ExitCode);
        }

        return exit ?? new DisconnectReason(
            DisconnectKind.LinkBroken, error is null ? "It closed the link." : $"Its link broke: {error.Message}");
    }

    /// <summary>
    /// The reason that the process which carried the link tells; <see langword="null"/> if there is none, or if it has not ended.
    /// </summary>
    private DisconnectReason? DescribeExit()
    {
        if (_carrier.Exited is not { } exited || !exited.Wait(s_exitTime) || _carrier.Exited is null)
        {
            return null;
        }

        _ = _carrier.StderrDrained.Wait(s_exitTime);
        return _way.Tell(new CarrierEnd(exited.Result, _carrier.LastStderrLines, _carrier.EndedBeforeLink));
    }
}
