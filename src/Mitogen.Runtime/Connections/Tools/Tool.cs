using System.Collections.ObjectModel;
using Mitogen.Bootstrap;

namespace Mitogen.Connections.Tools;

/// <summary>A secret that a tool waits for.</summary>
/// <param name="What">What it is, in a sentence: "the password of deploy@web1".</param>
/// <param name="Option">Where it is set.</param>
/// <param name="Answer">The secret, if the connection has it.</param>
internal sealed record Question(string What, string Option, Secret? Answer);

/// <summary>
/// A program that brings a shell somewhere else to life, as a connection describes it: its command line, its questions, and what its
/// last words mean. Pure; <see cref="ToolLaunch"/> runs it.
/// </summary>
internal abstract class Tool
{
    /// <summary>The program, by path or by a name on the PATH.</summary>
    public abstract string File { get; }

    /// <summary>What a user calls it, when it is not found.</summary>
    public virtual string Remedy => "Install it, or name its path in the connection.";

    /// <summary>Changes to the environment that it is started with.</summary>
    public virtual IReadOnlyDictionary<string, string?> Environment => ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>The environment of a tool whose messages GNU gettext translates: only the choice of the language is changed.</summary>
    protected static IReadOnlyDictionary<string, string?> Untranslated { get; } =
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["LANGUAGE"] = "en" };

    /// <summary>
    /// Whether the other side is on this machine: then unpacking a payload there takes longer than sending it as it is.
    /// </summary>
    public virtual bool IsNear => true;

    /// <summary>Whether it asks on a terminal.</summary>
    public virtual bool NeedsTerminal => false;

    /// <summary>Whether it asks for nothing twice: what looks like that is something else's.</summary>
    public virtual bool AsksOnce => false;

    /// <summary>Its arguments.</summary>
    /// <param name="script">
    /// What the shell at the other end is to run. It has no quote, backslash, exclamation mark or newline, so that single quotes around it
    /// do in every shell.
    /// </param>
    public abstract IReadOnlyList<string> Arguments(string script);

    /// <summary>What it asks for, if what stands unterminated on its standard error or terminal is a question.</summary>
    /// <param name="tail">The text behind the last newline.</param>
    /// <param name="isSecret">Whether the terminal does not show what is typed, which is how a secret is asked for in any language.</param>
    public virtual Question? Asks(string tail, bool isSecret) => null;

    /// <summary>A line of its standard error as people are to see it; <see langword="null"/> if they are not.</summary>
    public virtual string? Show(string line) => line;

    /// <summary>Why it failed, if its exit status or its last lines tell.</summary>
    public abstract LaunchProblem? Explain(LaunchEnd end);

    /// <summary>The problem of the first row whose text is in one of the lines.</summary>
    protected static LaunchProblem? Match(LaunchEnd end, params ReadOnlySpan<(string Text, BootstrapReason Reason, string Message)> rows)
    {
        foreach ((string text, BootstrapReason reason, string message) in rows)
        {
            if (end.Lines.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase)))
            {
                return new LaunchProblem(reason, message);
            }
        }

        return null;
    }
}
