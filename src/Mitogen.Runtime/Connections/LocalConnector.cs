using System.Security.Cryptography;
using Mitogen.Bootstrap;
using Mitogen.Import;
using Mitogen.Lifetime;
using Mitogen.Logging;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Starts contexts as subprocesses.</summary>
internal sealed class LocalConnector(Program program) : IConnector
{
    // The exit status of dotnet when it finds no compatible runtime (hostfxr's FrameworkMissingFailure, 0x80008096).
    private const int FrameworkMissing = 150;

    public async Task<ChildContext> StartAsync(
        ContextNode node, Connection connection, ContextHandle handle, uint id, CancellationToken cancellationToken)
    {
        if (connection is not LocalConnection local)
        {
            throw new NotSupportedException($"This context cannot start a {connection.GetType().Name}.");
        }

        byte[] nonce = RandomNumberGenerator.GetBytes(Handshake.NonceSize);
        if (!AgentLaunch.TryPrepare(
            local.Isolated, local.DotNetPath, program.Staged, Convert.ToHexString(nonce), [], out AgentLaunch? launch, out LaunchProblem? problem))
        {
            throw new BootstrapException(problem.Reason, handle.Name, node.Path, problem.Message);
        }

        using (launch)
        {
            IAssemblyProvider assemblies = program.Assemblies;
            byte[] welcome = Handshake.Write(await WelcomeAsync(node, local, handle, id, launch, assemblies).ConfigureAwait(false));
            LocalChild child = new(node, id, handle, local.GracePeriod, Launch(node, handle, launch), nonce, welcome, assemblies);
            child.Start();
            await WaitUntilUpAsync(node, local, handle, child, cancellationToken).ConfigureAwait(false);
            return child;
        }
    }

    private async Task<Welcome> WelcomeAsync(
        ContextNode node, LocalConnection connection, ContextHandle handle, uint id, AgentLaunch launch, IAssemblyProvider assemblies)
    {
        List<CompressedAssembly> ahead = [];
        if (launch.IsIsolated)
        {
            foreach (string name in assemblies.SentAhead)
            {
                ahead.Add(await assemblies.FindAsync(name).ConfigureAwait(false)
                    ?? throw new InvalidOperationException($"The assembly {name} is in the program's closure and cannot be found."));
            }
        }

        return new Welcome(
            id,
            handle.Name,
            [.. node.Options.Ancestors, new Ancestor(node.Options.Id, node.Options.Name)],
            node.Hub.Options,
            (int)Math.Clamp(connection.GracePeriod.TotalMilliseconds, 0, int.MaxValue),
            $"mitogen:{ProcessIdentity.UserName}@{ProcessIdentity.HostName}:{ProcessIdentity.ProcessId}",
            [.. program.Roots],
            launch.IsIsolated ? [.. assemblies.Names] : null,
            [.. ahead]);
    }

    private static ChildProcess Launch(ContextNode node, ContextHandle handle, AgentLaunch launch)
    {
        ILogOutput output = node.Options.Output;
        try
        {
            return ChildProcess.Start(new ChildProcessOptions
            {
                FileName = launch.File,
                Arguments = [launch.File, .. launch.Arguments],
                StderrLine = line => output.Write(StandardOutput.Line(handle.Path, StandardOutput.Error, line)),
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootstrapException(
                e is FileNotFoundException or UnauthorizedAccessException ? BootstrapReason.ToolNotFound : BootstrapReason.ExitedEarly,
                handle.Name, node.Path, $"{launch.File} cannot be started: {e.Message}", innerException: e);
        }
    }

    private static async Task WaitUntilUpAsync(
        ContextNode node, LocalConnection connection, ContextHandle handle, LocalChild child, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(connection.ConnectTimeout);
        try
        {
            _ = await child.Hello.WaitAsync(timeout.Token).ConfigureAwait(false);
            if (await child.Ready.WaitAsync(timeout.Token).ConfigureAwait(false) is { } error)
            {
                await node.EndChildAsync(child).ConfigureAwait(false);
                throw new BootstrapException(BootstrapReason.ExitedEarly, handle.Name, node.Path, error, child.LastLines);
            }
        }
        catch (OperationCanceledException e)
        {
            await node.EndChildAsync(child).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw child.HasNoise
                ? NotAContext(node, handle, child, e)
                : new BootstrapException(
                    BootstrapReason.TimedOut, handle.Name, node.Path,
                    $"No hello came within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time.", child.LastLines, e);
        }
        catch (Exception e) when (e is ProtocolViolationException)
        {
            await node.EndChildAsync(child).ConfigureAwait(false);
            throw NotAContext(node, handle, child, e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            await node.EndChildAsync(child).ConfigureAwait(false);
            throw await DescribeAsync(node, handle, child, e).ConfigureAwait(false);
        }
    }

    private static async Task<BootstrapException> DescribeAsync(ContextNode node, ContextHandle handle, LocalChild child, Exception error)
    {
        if (child.HasNoise)
        {
            return NotAContext(node, handle, child, error);
        }

        ChildExit exit = child.Process.Exited.IsCompleted ? await child.Process.Exited.ConfigureAwait(false) : default;
        return exit.Code == FrameworkMissing
            ? new BootstrapException(
                BootstrapReason.NoRuntime, handle.Name, node.Path, "dotnet found no compatible runtime: install .NET 10 or later.", child.LastLines, error)
            : new BootstrapException(
                BootstrapReason.ExitedEarly, handle.Name, node.Path, $"The process {exit} before it said hello.", child.LastLines, error);
    }

    private static BootstrapException NotAContext(ContextNode node, ContextHandle handle, LocalChild child, Exception error) =>
        new(BootstrapReason.NotAContext, handle.Name, node.Path, "What came back is not a context's hello.", child.LastLines, error);
}
