using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Mitogen.Import;

namespace Mitogen.Bootstrap;

/// <summary>The command that starts the agent on this machine.</summary>
/// <remarks>Disposal deletes the directory of an isolated one, if the context did not get to it.</remarks>
internal sealed class AgentLaunch : Launch
{
    // The exit status of dotnet when it finds no compatible runtime (hostfxr's FrameworkMissingFailure, 0x80008096).
    private const int FrameworkMissing = 150;

    /// <summary>The option behind the nonce that tells the agent that the directory it starts from is its own to delete.</summary>
    internal const string IsolatedOption = "--isolated";

    private readonly PrivateDirectory? _directory;

    /// <summary>The text where there is no staged set.</summary>
    internal static string Missing { get; } =
        $"The agent is not in {Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName)}. Build or publish the program with a reference to " +
        "Mitogen.Runtime.";

    private AgentLaunch(string file, IReadOnlyList<string> arguments, PrivateDirectory? directory)
    {
        File = file;
        Arguments = arguments;
        _directory = directory;
    }

    /// <summary>The <c>dotnet</c> to run.</summary>
    public override string File { get; }

    public override IReadOnlyList<string> Arguments { get; }

    /// <summary>
    /// As everywhere, no variable changes what the runtime does. Only here somebody may be about to look into a context: when this process is debugged,
    /// or its environment says that there are to be debuggers.
    /// </summary>
    public override IReadOnlyDictionary<string, string?> Environment { get; } = KeptEnvironment.PutAside(
        isManaged: true,
        isDebugged: Debugger.IsAttached || System.Environment.GetEnvironmentVariable(KeptEnvironment.DiagnosticsVariable) == "1");

    /// <summary>An isolated context starts with the staged set alone and imports everything else.</summary>
    public override ProgramCode Code => _directory is null ? ProgramCode.Folder : ProgramCode.Import;

    /// <summary>Prepares to start the agent.</summary>
    /// <param name="isolated">
    /// Whether to start from a directory with the staged set alone. A process that does not know its own files does so in any case.
    /// </param>
    /// <param name="dotnetPath">The <c>dotnet</c> that the connection names, if it does.</param>
    /// <param name="staged">The staged set of this process, if it has one.</param>
    /// <param name="nonce">The hello's marker, the agent's first argument.</param>
    /// <param name="options">The agent's further arguments.</param>
    /// <param name="launch">The command.</param>
    /// <param name="problem">The thing that is missing.</param>
    internal static bool TryPrepare(
        bool isolated, string? dotnetPath, StagedSet? staged, string nonce, IReadOnlyList<string> options,
        [NotNullWhen(true)] out AgentLaunch? launch, [NotNullWhen(false)] out LaunchProblem? problem)
    {
        launch = null;
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
            launch = new(host, ["exec", "--depsfile", deps, "--runtimeconfig", config, agent, nonce, .. options, ContextArguments.Padding], null);
            return true;
        }

        if (staged.Stage() is not { } directory)
        {
            problem = new(BootstrapReason.AgentMissing,
                $"The agent could not be copied to any of {string.Join(", ", PrivateDirectory.Places)}: not writable or full.");
            return false;
        }

        agent = Path.Combine(directory.Path, StagedSet.AgentName + ".dll");
        launch = new(host, ["exec", agent, nonce, IsolatedOption, .. options, ContextArguments.Padding], directory);
        return true;
    }

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult<LaunchProblem?>(
        end.Exit.Code == FrameworkMissing ? new(BootstrapReason.NoRuntime, "dotnet found no compatible runtime: install .NET 10 or later.") : null);

    public override void Dispose()
    {
        _directory?.Dispose();
        base.Dispose();
    }
}
