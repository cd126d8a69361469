using Mitogen.Bootstrap;
using Mitogen.Import;
using Mitogen.Lifetime;
using Mitogen.Logging;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Starts contexts as subprocesses.</summary>
internal sealed partial class LocalConnector(Program program) : IConnector
{
    public async Task<ChildContext> StartAsync(
        ContextNode node, Connection connection, ContextHandle handle, uint id, CancellationToken cancellationToken)
    {
        if (connection is not LocalConnection local)
        {
            throw new NotSupportedException($"This context cannot start a {connection.GetType().Name}.");
        }

        byte[] nonce = Randomness.Bytes(Handshake.NonceSize);
        if (ChooseNative(node, local, handle) is { } payload)
        {
            return await StartNativeAsync(node, local, handle, id, payload, nonce, cancellationToken).ConfigureAwait(false);
        }

        using (AgentLaunch launch = Prepare(node, local, handle, nonce))
        {
            IAssemblyProvider assemblies = AssembliesFor(node, handle);
            byte[] welcome = Handshake.Write(await WelcomeAsync(node, local, handle, id, launch, assemblies).ConfigureAwait(false));
            LocalChild child = new(
                node, id, handle, local.GracePeriod, Launch(node, handle, launch.File, launch.Arguments), nonce, welcome, assemblies);
            return await BringUpAsync(node, local, handle, child, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<ChildContext> BringUpAsync(
        ContextNode node, LocalConnection connection, ContextHandle handle, LocalChild child, CancellationToken cancellationToken)
    {
        child.Start();
        try
        {
            await WaitUntilUpAsync(node, connection, handle, child, cancellationToken).ConfigureAwait(false);
            return child;
        }
        catch (Exception e)
        {
            await node.EndChildAsync(child).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw e as BootstrapException ?? LocalFailure.Describe(node, connection, handle, child, e);
        }
    }

    private AgentLaunch Prepare(ContextNode node, LocalConnection connection, ContextHandle handle, byte[] nonce) =>
        AgentLaunch.TryPrepare(
            connection.Isolated, connection.DotNetPath, program.Staged, Convert.ToHexString(nonce), [],
            out AgentLaunch? launch, out LaunchProblem? problem)
            ? launch
            : throw new BootstrapException(problem.Reason, handle.Name, node.Path, problem.Message);

    private IAssemblyProvider AssembliesFor(ContextNode node, ContextHandle handle)
    {
        try
        {
            return program.Assemblies;
        }
        catch (InvalidOperationException e)
        {
            // An assembly of the program has no file.
            throw new BootstrapException(BootstrapReason.AgentMissing, handle.Name, node.Path, e.Message, innerException: e);
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

        return WelcomeTo(node, connection, handle, id) with
        {
            Roots = [.. program.Roots],
            Names = launch.IsIsolated ? [.. assemblies.Names] : null,
            Assemblies = [.. ahead],
        };
    }

    /// <summary>To a context that has all its code.</summary>
    private static Welcome WelcomeTo(ContextNode node, LocalConnection connection, ContextHandle handle, uint id) => new(
        id,
        handle.Name,
        [.. node.Options.Ancestors, new Ancestor(node.Options.Id, node.Options.Name)],
        node.Hub.Options,
        (int)Math.Clamp(connection.GracePeriod.TotalMilliseconds, 0, int.MaxValue),
        $"mitogen:{ProcessIdentity.UserName}@{ProcessIdentity.HostName}:{ProcessIdentity.ProcessId}",
        [],
        null,
        []);

    private static ChildProcess Launch(ContextNode node, ContextHandle handle, string file, IReadOnlyList<string> arguments)
    {
        ILogOutput output = node.Options.Output;
        try
        {
            return ChildProcess.Start(new ChildProcessOptions
            {
                FileName = file,
                Arguments = [file, .. arguments],
                StderrLine = line => output.Write(StandardOutput.Line(handle.Path, StandardOutput.Error, line)),
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootstrapException(
                e is FileNotFoundException or UnauthorizedAccessException ? BootstrapReason.ToolNotFound : BootstrapReason.ExitedEarly,
                handle.Name, node.Path, $"{file} cannot be started: {e.Message}", innerException: e);
        }
    }

    private static async Task WaitUntilUpAsync(
        ContextNode node, LocalConnection connection, ContextHandle handle, LocalChild child, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(connection.ConnectTimeout);
        BuildCheck.Verify(await child.Hello.WaitAsync(timeout.Token).ConfigureAwait(false), node, handle.Name);
        if (await child.Ready.WaitAsync(timeout.Token).ConfigureAwait(false) is { } error)
        {
            throw new BootstrapException(BootstrapReason.ExitedEarly, handle.Name, node.Path, error, child.LastLines);
        }
    }
}
