using Mitogen.Bootstrap;
using Mitogen.Import;
using Mitogen.Lifetime;
using Mitogen.Links;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Connections;

/// <summary>A context in a subprocess: its process, the thread that shakes hands and then reads, and its end.</summary>
internal sealed class LocalChild : ChildContext
{
    // How long a process may take to be gone after its link is: what it had to say and its status then stand in the reason.
    private static readonly TimeSpan s_exitTime = TimeSpan.FromSeconds(1);

    // What a context that hung for all of its grace may still take to send its last output and log records.
    private static readonly TimeSpan s_flushTime = TimeSpan.FromSeconds(3);

    private readonly ContextNode _node;
    private readonly ChildProcess _process;
    private readonly HelloScanner _scanner;
    private readonly byte[] _welcome;
    private readonly TaskCompletionSource<Hello> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkThreads _threads;
    private readonly Lock _endLock = new();
    private Task? _end;
    private ContextInfo? _info;

    public LocalChild(
        ContextNode node, uint id, ContextHandle handle, TimeSpan grace, ChildProcess process, byte[] nonce, byte[] welcome,
        IAssemblyProvider? assemblies)
        : base(id, handle, grace)
    {
        _node = node;
        _process = process;
        _scanner = new HelloScanner(nonce);
        _welcome = welcome;
        Assemblies = assemblies;
        Link = new Link(LinkRole.Child, id, handle.Path);
        _threads = new LinkThreads(node.Hub, Link, process.Transport, OnLinkEnded);
    }

    public override Link Link { get; }

    public override ContextInfo Info => _info ?? throw new InvalidOperationException("The context has not said hello.");

    public override IAssemblyProvider? Assemblies { get; }

    /// <summary>Completes with the hello; faults with what came instead.</summary>
    public Task<Hello> Hello => _hello.Task;

    public bool HasNoise => _scanner.HasNoise;

    /// <summary>What the process printed, on both of its outputs.</summary>
    public IReadOnlyList<string> LastLines => [.. _scanner.HasNoise ? _scanner.NoiseLines : [], .. _process.LastStderrLines];

    public ChildProcess Process => _process;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "mitogen-read" }.UnsafeStart();

    public override Task EndAsync()
    {
        lock (_endLock)
        {
            return _end ??= EndCoreAsync();
        }
    }

    private async Task EndCoreAsync()
    {
        if (_info is not null && !Link.IsClosed)
        {
            using (_node.Hub.Enter())
            {
                _node.Hub.Kernel.SendGoodbye(Link, Grace);
            }

            // It has its grace to end in order; the link's end tells that it did.
            await _gone.Task.WaitAsync(Grace + s_flushTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _process.EndAsync(_gone.Task.IsCompleted ? s_exitTime : TimeSpan.Zero).ConfigureAwait(false);
        await _gone.Task.ConfigureAwait(false);
        if (_info is not null)
        {
            await _threads.Ended.ConfigureAwait(false);
        }
    }

    private void Run()
    {
        try
        {
            byte[] buffer = new byte[4096];
            while (_scanner.Hello is null)
            {
                int count = _process.Transport.Read(buffer);
                if (count == 0)
                {
                    throw new EndOfStreamException("The process closed its output before it said hello.");
                }

                _scanner.Feed(buffer.AsSpan(0, count));
            }

            _process.Transport.Write(_welcome);
            _info = _scanner.Hello.Info;
        }
        catch (Exception e) when (e is IOException or ProtocolViolationException or ObjectDisposedException)
        {
            // In this order: who sees the failure ends the process, and then finds that there is nothing to say goodbye to.
            _ = _gone.TrySetResult();
            _ = _hello.TrySetException(e);
            return;
        }

        _node.AddChild(this);
        _ = _hello.TrySetResult(_scanner.Hello);
        _threads.Run(_scanner.Leftover);
    }

    /// <summary>On a link thread, which has nothing else to do any more: finds out why, and tells everyone who waits.</summary>
    private void OnLinkEnded(Exception? error)
    {
        // A context that ended the link in order waits for the same from this side before it exits.
        _process.Transport.CloseWriting();
        bool wasEnding;
        lock (_endLock)
        {
            wasEnding = _end is not null;
        }

        DisconnectReason reason = wasEnding ? new DisconnectReason(DisconnectKind.Disposed, "It was disposed.")
            : error is TimeoutException ? new DisconnectReason(DisconnectKind.KeepAlive, error.Message, null, _process.LastStderrLines)
            : error is ProtocolViolationException ? new DisconnectReason(DisconnectKind.ProtocolViolation, error.Message)
            : DescribeExit(error);
        SetReady($"It ended before it was ready to be called. {reason.Message}");
        _node.LoseChild(this, reason);
        _ = _gone.TrySetResult();
        if (!wasEnding)
        {
            _ = EndAsync();
        }
    }

    private DisconnectReason DescribeExit(Exception? error)
    {
        if (!_process.Exited.Wait(s_exitTime))
        {
            return new DisconnectReason(
                DisconnectKind.LinkBroken,
                error is null ? "It closed the link." : $"Its link broke: {error.Message}",
                null,
                _process.LastStderrLines);
        }

        _ = _process.StderrDrained.Wait(s_exitTime);
        ChildExit exit = _process.Exited.Result;
        return new DisconnectReason(
            DisconnectKind.Exited, $"Its process {exit}.", exit.Code ?? 128 + exit.Signal, _process.LastStderrLines);
    }
}
