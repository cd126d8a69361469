using System.Collections;
using System.Globalization;

namespace Mitogen.Handshake;

/// <summary>
/// The variables by which an environment changes what a .NET runtime does (hooks, profilers, the garbage collector, the compiler, the version
/// that is taken). They are put aside under other names when a context is started, so that the program's own settings hold wherever it
/// runs, and are given back once the runtime has read its settings: to the program, and to what it starts.
/// </summary>
/// <remarks>The stages do the same where a shell comes first: <c>environment.sh</c>.</remarks>
internal static class KeptEnvironment
{
    /// <summary>The variable that tells the runtime to make no pipes for debuggers and profilers, which would stay in <c>/tmp</c> when it is killed.</summary>
    public const string DiagnosticsVariable = "DOTNET_EnableDiagnostics";

    // One heap for each processor, as a web program has them, is nothing for a context that runs beside others.
    private const string ServerCollectorVariable = "DOTNET_gcServer";

    private const string Prefix = "mitogen_kept_";
    private const string Off = "0";

    // Only says where installations are, which scripts in the place of dotnet may need.
    private const string Root = "DOTNET_ROOT";

    private static readonly string[] s_prefixes = ["DOTNET_", "COMPlus_", "CORECLR_", "COREHOST_"];

    /// <summary>The changes to this process's environment that put them aside for a child, and give it a garbage collector for workstations.</summary>
    /// <param name="isManaged">Whether the child is run by a runtime of its own that could make pipes for debuggers.</param>
    /// <param name="isDebugged">Whether it may.</param>
    public static IReadOnlyDictionary<string, string?> PutAside(bool isManaged, bool isDebugged)
    {
        Dictionary<string, string?> changes = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (IsRuntimes(name))
            {
                changes[name] = null;
                changes[Prefix + name] = (string?)variable.Value;
            }
        }

        changes[ServerCollectorVariable] = Off;
        if (isManaged && !isDebugged)
        {
            changes[DiagnosticsVariable] = Off;
        }

        return changes;
    }

    /// <summary>In a context: gives them back.</summary>
    public static void GiveBack()
    {
        // These read their settings when they are first used.
        _ = CultureInfo.CurrentCulture;
        ThreadPool.GetMinThreads(out _, out _);
        foreach (string name in (string[])[DiagnosticsVariable, ServerCollectorVariable])
        {
            if (Environment.GetEnvironmentVariable(name) == Off)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Environment.SetEnvironmentVariable(name, null);
                Environment.SetEnvironmentVariable(name[Prefix.Length..], (string?)variable.Value);
            }
        }
    }

    private static bool IsRuntimes(string name) =>
        !name.StartsWith(Root, StringComparison.Ordinal) && Array.Exists(s_prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
