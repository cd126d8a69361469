using Mitogen.Connections;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Interop;
using Mitogen.Logging;
using Mitogen.Processes;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>
/// One try of a start, from the way to the context that is ready: all that it knows, what it does in turn, and why it fails. It is over, and
/// its way is disposed, when the context is up or nothing of it is left.
/// </summary>
internal sealed class StartAttempt(ContextStart start, Program program, StartWatch watch) : IDisposable
{
    // Of lines on standard error until the context is up, the most that are shown.
    private const int MostLines = 100;

    private int _lines;
    private volatile bool _isUp;
    private Way? _way;
    private Typist? _typist;

    public ContextStart Start => start;

    /// <summary>The program that the context is to run.</summary>
    public Program Program => program;

    /// <summary>The time that the start has.</summary>
    public StartWatch Watch => watch;

    /// <summary>The time and the bytes that the try took until now.</summary>
    public StartTimes Times { get; } = new();

    /// <summary>The marker of the hello, and of what shells report.</summary>
    public byte[] Nonce { get; } = Randomness.Bytes(HandshakeCodec.NonceSize);

    public Way Way => _way ?? throw new InvalidOperationException("The way is not known yet.");

    public Typist Typist => _typist ?? throw new InvalidOperationException("The way is not known yet.");

    /// <exception cref="BootstrapException">The context did not come up, and nothing of it is left.</exception>
    public async Task<ChildContext> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _way = await FindWayAsync(cancellationToken).ConfigureAwait(false);
            if (!_way.IsNear)
            {
                watch.GoFar();
            }

            _typist = new Typist(_way, start.Connection.QuestionTimeout);
            ICarrier carrier = await _way.OpenAsync(OnLine, _typist, cancellationToken).ConfigureAwait(false);
            return await BringUpAsync(new ConnectedChild(this, carrier), cancellationToken).ConfigureAwait(false);
        }
        catch (StartRefusedException e)
        {
            throw start.Failure(e.Problem, inner: e.InnerException);
        }
    }

    public void Dispose()
    {
        _typist?.Dispose();
        _way?.Dispose();
    }

    private async Task<Way> FindWayAsync(CancellationToken cancellationToken)
    {
        ExecutableChoice executables = new(start.Connection, program, watch);
        if (start.Connection is LocalConnection local)
        {
            return await executables.ChooseLocalAsync(local, Nonce, cancellationToken).ConfigureAwait(false);
        }

        Tool? tool = ConnectionKinds.FindTool(start.Connection, HelloScanner.MarkerOf(Nonce));
        if (tool is not { IsNear: true })
        {
            executables.Anticipate();
        }

        if (tool is not null)
        {
            await tool.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        return start.Connection is CarriedConnection carried ? new CarriedWay(carried, executables, Nonce, watch)
            : tool is not null ? new ToolWay(tool, executables, Nonce)
            : throw new NotSupportedException($"This context cannot start a {start.Connection.GetType().Name}.");
    }

    /// <summary>A line of standard error: the log's, unless it is a question or the tool's chatter.</summary>
    private void OnLine(string line)
    {
        if (Typist.OnLine(line) && Way.Show(line) is { } shown)
        {
            int number = _isUp ? 0 : Interlocked.Increment(ref _lines);
            if (number > MostLines)
            {
                return;
            }

            ContextHandle handle = start.Handle;
            shown = number == MostLines ? "(more lines follow, which are not shown until the context is up)" : shown;
            _ = start.Node.Options.Output.Write(
                new LogSource(handle.Path, [start.Id]), StandardOutput.Line(handle.Path, StandardOutput.Error, shown));
        }
    }

    private async Task<ChildContext> BringUpAsync(ConnectedChild child, CancellationToken cancellationToken)
    {
        child.Start();
        try
        {
            await WaitUntilUpAsync(child, cancellationToken).ConfigureAwait(false);
            _isUp = true;
            Log.ContextStarted(start.Node.Logger, start.Handle.Path, Times.Reached, Times.Hello, Times.Now, Times.Sent, Times.Received);
            return child;
        }
        catch (Exception e)
        {
            string? standing = Typist.Standing;
            await start.Node.EndChildAsync(child).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            LaunchProblem problem = await new StartFailure(this, child, standing).DescribeAsync(e, cancellationToken).ConfigureAwait(false);
            throw start.Failure(problem, child.LastLines, e);
        }
    }

    private async Task WaitUntilUpAsync(ConnectedChild child, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
        await (await Task.WhenAny(child.Hello, Typist.Refused).WaitAsync(timeout.Token).ConfigureAwait(false)).ConfigureAwait(false);
        BuildCheck.Verify(await child.Hello.ConfigureAwait(false), start);
        if (await child.Ready.WaitAsync(timeout.Token).ConfigureAwait(false) is { } error)
        {
            throw new StartRefusedException(
                RuntimeWords.Explain(child.Carrier.LastStderrLines) ?? new LaunchProblem(BootstrapReason.ExitedEarly, error));
        }
    }
}
