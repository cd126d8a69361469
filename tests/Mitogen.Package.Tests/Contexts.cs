namespace Mitogen.Package.Tests;

/// <summary>The kinds of contexts that each kind of program has to start.</summary>
internal static class Contexts
{
    public const string Local = "local://";
    public const string Isolated = "local://?isolated=true";
    public const string Exec = "exec://env";

    /// <summary>Of a program that runs assemblies.</summary>
    public static readonly string[] All = [Local, Isolated, Exec];

    /// <summary>Of a native program, which has nothing but itself.</summary>
    public static readonly string[] OfNative = [Local, Exec];

    /// <summary>Each of them said hello.</summary>
    public static void Say(CommandOutcome outcome, IEnumerable<string> contexts) =>
        outcome.Succeeded().Says([.. contexts.Select((text, i) => $"{text}: Hello, world, from {new Uri(text).Scheme}-{i + 1}.")]);
}
