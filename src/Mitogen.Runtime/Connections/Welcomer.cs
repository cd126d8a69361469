using Mitogen.Bootstrap;
using Mitogen.Import;
using Mitogen.Lifetime;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Connections;

/// <summary>Answers the hello of a new context: who starts it, as whom, and what it is to know.</summary>
internal sealed class Welcomer(
    ContextNode node, Connection connection, ContextHandle handle, uint id, Program program, IAssemblyProvider assemblies)
{
    public ContextNode Node => node;

    public ContextHandle Handle => handle;

    public uint Id => id;

    public TimeSpan Grace => connection.GracePeriod;

    /// <summary>What the new context may import.</summary>
    public IAssemblyProvider Assemblies => assemblies;

    /// <param name="imports">Whether it imports the program's assemblies.</param>
    /// <returns>The welcome's bytes.</returns>
    public async Task<byte[]> WriteAsync(bool imports)
    {
        List<CompressedAssembly> ahead = [];
        if (imports)
        {
            foreach (string name in assemblies.SentAhead)
            {
                ahead.Add(await assemblies.FindAsync(name).ConfigureAwait(false)
                    ?? throw new InvalidOperationException($"The assembly {name} is in the program's closure and cannot be found."));
            }
        }

        return Handshake.Write(new Welcome(
            id,
            handle.Name,
            [.. node.Options.Ancestors, new Ancestor(node.Options.Id, node.Options.Name)],
            node.Hub.Options,
            (int)Math.Clamp(connection.GracePeriod.TotalMilliseconds, 0, int.MaxValue),
            $"mitogen:{ProcessIdentity.UserName}@{ProcessIdentity.HostName}:{ProcessIdentity.ProcessId}",
            [.. program.Roots],
            imports ? [.. assemblies.Names] : null,
            [.. ahead]));
    }
}
