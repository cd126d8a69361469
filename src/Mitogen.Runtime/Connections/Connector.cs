using Mitogen.Bootstrap;
using Mitogen.Connections.Tools;
using Mitogen.Lifetime;
using Mitogen.Logging;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Starts contexts: on this machine, or by a tool that reaches another place.</summary>
/// <param name="program">The program that they run.</param>
/// <param name="time">The clock of their starts. Default: the system's.</param>
/// <param name="random">Spreads what is tried again. Default: one that nobody can foresee.</param>
internal sealed class Connector(Program program, TimeProvider? time = null, Random? random = null) : IConnector
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private SendingTurns? _turns;

    public NativePayloads Payloads => program.Payloads;

    public async Task<ChildContext> StartAsync(
        ContextNode node, Connection connection, ContextHandle handle, uint id, CancellationToken cancellationToken)
    {
        SendingTurns turns = LazyInitializer.EnsureInitialized(ref _turns, () => new SendingTurns(node.Hub.Options.MaxConcurrentPayloads, _time));
        using StartWatch watch = new(connection, turns, _time);
        StartRetries retries = new(watch, random ?? Random.Shared);
        while (true)
        {
            BootstrapException failure;
            try
            {
                return await StartOnceAsync(node, connection, handle, id, watch, cancellationToken).ConfigureAwait(false);
            }
            catch (BootstrapException e) when (e.Reason == BootstrapReason.Busy)
            {
                failure = e;
            }

            if (retries.Next() is not { } pause)
            {
                throw new BootstrapException(
                    failure.Reason, handle.Name, node.Path, $"{failure.Detail} It was tried {retries.Tries} times.", failure.LastLines, failure.InnerException);
            }

            Log.StartRepeated(node.Logger, handle.Path, pause, failure.Detail);
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ChildContext> StartOnceAsync(
        ContextNode node, Connection connection, ContextHandle handle, uint id, StartWatch watch, CancellationToken cancellationToken)
    {
        StartTimes times = new();
        byte[] nonce = Randomness.Bytes(Handshake.NonceSize);
        try
        {
            using Launch launch = await PrepareAsync(connection, nonce, watch, cancellationToken).ConfigureAwait(false);
            if (!launch.IsNear || connection is ExecConnection) // nobody knows where that leads
            {
                watch.GoFar();
            }

            Welcomer welcomer = new(node, connection, handle, id, program);
            using Typist typist = new(launch, connection.QuestionTimeout);
            ICarrier carrier = await OpenAsync(node, connection, handle, id, launch, typist, watch, cancellationToken).ConfigureAwait(false);
            ConnectedChild child = new(welcomer, carrier, launch, typist, nonce, times, watch);
            child.Start();
            try
            {
                await WaitUntilUpAsync(node, handle, child, typist.Refused, watch, cancellationToken).ConfigureAwait(false);
                Log.ContextStarted(node.Logger, handle.Path, times.Reached, times.Hello, times.Now, times.Sent, times.Received);
                return child;
            }
            catch (Exception e)
            {
                string? standing = typist.Standing;
                await node.EndChildAsync(child).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                throw e as BootstrapException
                    ?? await StartFailure.DescribeAsync(node, connection, handle, launch, child, standing, watch, e, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (StartRefusedException e)
        {
            throw new BootstrapException(e.Problem.Reason, handle.Name, node.Path, e.Problem.Message, innerException: e.InnerException);
        }
    }

    private async Task<Launch> PrepareAsync(Connection connection, byte[] nonce, StartWatch watch, CancellationToken cancellationToken)
    {
        PayloadChoice payloads = new(connection, program, watch);
        if (connection is LocalConnection local)
        {
            return await payloads.ChooseLocalAsync(local, nonce, cancellationToken).ConfigureAwait(false);
        }

        Tool? tool = ToolTable.Find(connection, HelloScanner.MarkerOf(nonce));
        if (tool is not { IsNear: true })
        {
            payloads.Anticipate();
        }

        if (tool is not null)
        {
            await tool.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        return connection is CarriedConnection carried ? new CarriedLaunch(carried, payloads, nonce)
            : tool is not null ? new ToolLaunch(tool, payloads, nonce)
            : throw new NotSupportedException($"This context cannot start a {connection.GetType().Name}.");
    }

    private static async Task<ICarrier> OpenAsync(
        ContextNode node, Connection connection, ContextHandle handle, uint id, Launch launch, Typist typist, StartWatch watch,
        CancellationToken cancellationToken)
    {
        ILogOutput output = node.Options.Output;
        LogSource source = new(handle.Path, [id]);
        void Log(string line)
        {
            if (typist.OnLine(line) && launch.Show(line) is { } shown)
            {
                _ = output.Write(source, StandardOutput.Line(handle.Path, StandardOutput.Error, shown));
            }
        }

        if (connection is CarriedConnection carried)
        {
            return await OpenAsync(node, carried, handle, launch, Log, watch, cancellationToken).ConfigureAwait(false);
        }

        bool isTool = launch.Choose is not null;
        try
        {
            ChildProcess process = ChildProcess.Start(new ChildProcessOptions
            {
                FileName = launch.File,
                Arguments = [launch.File, .. launch.Arguments],
                Environment = launch.Environment,
                Streams = isTool ? ChildStreams.Sockets : ChildStreams.Socket,
                Terminal = launch.NeedsTerminal,
                Prompt = isTool ? typist.OnPrompt : null, // a context asks for nothing
                StderrLine = Log,
            });
            typist.Attach(process);
            return process;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootstrapException(
                e is FileNotFoundException or UnauthorizedAccessException ? BootstrapReason.ToolNotFound : BootstrapReason.ExitedEarly,
                handle.Name, node.Path, $"{launch.File} cannot be started: {e.Message} {launch.Remedy}", innerException: e);
        }
    }

    private static async Task<ICarrier> OpenAsync(
        ContextNode node, CarriedConnection connection, ContextHandle handle, Launch launch, Action<string> log,
        StartWatch watch, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
        try
        {
            ICarrier carrier = await connection.OpenAsync(launch.Arguments[0], log, timeout.Token).ConfigureAwait(false);
            watch.Advance();
            return carrier;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BootstrapException(
                BootstrapReason.TimedOut, handle.Name, node.Path,
                $"It was not open within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time.", innerException: e);
        }
        catch (IOException e)
        {
            throw new BootstrapException(
                BootstrapReason.ExitedEarly, handle.Name, node.Path, $"It could not be opened: {e.Message}", innerException: e);
        }
    }

    private static async Task WaitUntilUpAsync(
        ContextNode node, ContextHandle handle, ConnectedChild child, Task refused, StartWatch watch,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
        await (await Task.WhenAny(child.Hello, refused).WaitAsync(timeout.Token).ConfigureAwait(false)).ConfigureAwait(false);
        BuildCheck.Verify(await child.Hello.ConfigureAwait(false), node, handle.Name);
        if (await child.Ready.WaitAsync(timeout.Token).ConfigureAwait(false) is { } error)
        {
            LaunchProblem problem = RuntimeWords.Explain(child.Carrier.LastStderrLines) ?? new(BootstrapReason.ExitedEarly, error);
            throw new BootstrapException(problem.Reason, handle.Name, node.Path, problem.Message, child.LastLines);
        }
    }
}
