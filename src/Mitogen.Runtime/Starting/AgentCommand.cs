using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Import;

namespace Mitogen.Starting;

/// <summary>The command that starts the agent on this machine.</summary>
internal static class AgentCommand
{
    /// <summary>The option behind the nonce that tells the agent that the directory it starts from is its own to delete.</summary>
    internal const string IsolatedOption = "--isolated";

    /// <summary>The text where there is no staged set.</summary>
    internal static string Missing { get; } =
        $"The agent is not in {Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName)}. Build or publish the program with a reference to " +
        "Mitogen.Runtime.";

    /// <summary>Prepares to start the agent.</summary>
    /// <param name="isolated">
    /// Whether to start from a directory with the staged set alone. A process that does not know its own files does so in any case.
    /// </param>
    /// <param name="dotnetPath">The <c>dotnet</c> that the connection names, if it does.</param>
    /// <param name="staged">The staged set of this process, if it has one.</param>
    /// <param name="nonce">The hello's marker, the agent's first argument.</param>
    /// <param name="options">The agent's further arguments.</param>
    /// <param name="way">The start; its disposal deletes the directory of an isolated agent, if the context did not get to it.</param>
    /// <param name="problem">The thing that is missing.</param>
    internal static bool TryPrepare(
        bool isolated, string? dotnetPath, StagedSet? staged, string nonce, IReadOnlyList<string> options,
        [NotNullWhen(true)] out LocalWay? way, [NotNullWhen(false)] out LaunchProblem? problem)
    {
        way = null;
        if (DotNetHost.Find(dotnetPath) is not { } host)
        {
            problem = new(BootstrapReason.ToolNotFound, dotnetPath is not null
                ? $"Connection.DotNetPath names {dotnetPath}, which does not exist."
                : "There is no dotnet in DOTNET_ROOT, the PATH or the usual folders. Install the .NET runtime, or name its host in " +
                    "Connection.DotNetPath.");
            return false;
        }

        if (DotNetHost.LacksRuntime(host))
        {
            problem = new(BootstrapReason.NoRuntime, $"{host} has no Microsoft.NETCore.App of version 10 or later.");
            return false;
        }

        if (staged is null)
        {
            problem = new(BootstrapReason.AgentMissing, Missing);
            return false;
        }

        problem = null;
        string? agent = staged.AgentPath;
        if (!isolated && agent is not null && ProgramSettings.Files() is var (deps, config))
        {
            way = Run(host, ["exec", "--depsfile", deps, "--runtimeconfig", config, agent, nonce, .. options, ContextArguments.Padding], null);
            return true;
        }

        if (staged.Stage() is not { } directory)
        {
            problem = new(BootstrapReason.AgentMissing,
                $"The agent could not be copied to any of {string.Join(", ", PrivateDirectory.Places)}: not writable or full.");
            return false;
        }

        agent = Path.Combine(directory.Path, StagedSet.AgentName + ".dll");
        way = Run(host, ["exec", agent, nonce, IsolatedOption, .. options, ContextArguments.Padding], directory);
        return true;
    }

    // As everywhere, no variable changes what the runtime does. Only here somebody may be about to look into a context: when this process is
    // debugged, or its environment says that there are to be debuggers. An isolated context starts with the staged set alone and imports
    // everything else.
    private static LocalWay Run(string host, string[] arguments, PrivateDirectory? directory) => new(
        host,
        arguments,
        KeptEnvironment.PutAside(
            isManaged: true,
            isDebugged: Debugger.IsAttached || Environment.GetEnvironmentVariable(KeptEnvironment.DiagnosticsVariable) == "1"),
        directory is null ? ProgramCode.Folder : ProgramCode.Import,
        directory);
}
