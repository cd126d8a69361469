using Mitogen.Executables;
using Mitogen.Starting;

namespace Mitogen.Hosting;

/// <summary>The entry point that the agent calls, by name.</summary>
internal static class ManagedContext
{
    /// <param name="args">The nonce in hexadecimal digits, then options, then padding.</param>
    internal static int Run(string[] args)
    {
        StagedSet? staged = args.Contains(AgentCommand.IsolatedOption) ? StagedSet.TakeOver(AppContext.BaseDirectory) : null;
        return new ContextProcess(Convert.FromHexString(args[0]), staged).Run();
    }
}
