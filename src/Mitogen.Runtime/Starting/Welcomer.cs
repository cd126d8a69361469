using Mitogen.Connections;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Import;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Starting;

/// <summary>Answers the hello of a new context: who starts it, as whom, and what it is to know.</summary>
internal sealed class Welcomer(ContextStart start, Program program)
{
    /// <summary>The assemblies that the new context may import, once it was welcomed.</summary>
    public IAssemblyProvider? Assemblies { get; private set; }

    /// <param name="code">Where it has the program's code from.</param>
    /// <param name="onFound">Called for each assembly, of which some may come from further up.</param>
    /// <returns>The welcome's bytes.</returns>
    /// <exception cref="StartRefusedException">An assembly of the program has no file.</exception>
    public async Task<byte[]> WriteAsync(ProgramCode code, Action onFound)
    {
        List<CompressedAssembly> ahead = [];
        if (code == ProgramCode.Import)
        {
            IAssemblyProvider assemblies = FindAssemblies();
            Assemblies = assemblies;
            foreach (string name in assemblies.SentAhead)
            {
                ahead.Add(await assemblies.FindAsync(name).ConfigureAwait(false)
                    ?? throw new InvalidOperationException($"The assembly {name} is in the program's closure and cannot be found."));
                onFound();
            }
        }

        ContextNode node = start.Node;
        return HandshakeCodec.Write(new Welcome(
            start.Id,
            start.Handle.Name,
            [.. node.Options.Ancestors, new Ancestor(node.Options.Id, node.Options.Name)],
            node.Hub.Options,
            (int)Math.Clamp(start.Connection.GracePeriod.TotalMilliseconds, 0, int.MaxValue),
            $"mitogen:{ProcessIdentity.UserName}@{ProcessIdentity.HostName}:{ProcessIdentity.ProcessId}",
            code == ProgramCode.Executable ? [] : [.. program.Roots],
            Assemblies is { } all ? [.. all.Names] : null,
            [.. ahead],
            node.Options.Culture));
    }

    private IAssemblyProvider FindAssemblies()
    {
        try
        {
            return program.Assemblies;
        }
        catch (InvalidOperationException e)
        {
            throw new StartRefusedException(new(BootstrapReason.AgentMissing, e.Message));
        }
    }
}
