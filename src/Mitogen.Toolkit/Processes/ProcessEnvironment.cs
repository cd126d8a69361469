using System.Collections;

namespace Mitogen.Toolkit.Processes;

/// <summary>The environment that a program gets.</summary>
internal static class ProcessEnvironment
{
    public static Dictionary<string, string> Of(ProcessCommand command, FoundUser? user)
    {
        Dictionary<string, string> variables = command.CleanEnvironment
            ? new(StringComparer.Ordinal) { ["PATH"] = ProgramLookup.UsualPath }
            : OfThisProcess();
        if (user is not null)
        {
            variables["HOME"] = user.Home;
            variables["USER"] = variables["LOGNAME"] = user.Name;
            variables["SHELL"] = user.Shell;
        }

        if (command.Terminal is { } terminal)
        {
            variables["TERM"] = terminal.Type;
        }

        foreach ((string name, string? value) in command.Environment)
        {
            Check(name, nameof(command.Environment));
            if (value is null)
            {
                _ = variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }

        foreach ((string name, Secret value) in command.SecretEnvironment)
        {
            Check(name, nameof(command.SecretEnvironment));
            variables[name] = value.Reveal();
        }

        return variables;
    }

    /// <summary>A copy of this process's own.</summary>
    public static Dictionary<string, string> OfThisProcess()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    private static void Check(string name, string property)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' of {property} is no name of a variable: it is empty or has an equals sign.");
        }
    }
}
