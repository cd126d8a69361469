using System.Collections.ObjectModel;
using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// A program that brings a shell somewhere else to life, as a connection describes it: its command line, its questions, and what its
/// last words mean. Pure but for what is asynchronous; <see cref="ToolWay"/> runs it.
/// </summary>
internal abstract class Tool
{
    /// <summary>The answer where nothing is to be said.</summary>
    public static readonly Secret JustEnter = new("");

    /// <summary>The program, by path or by a name on the PATH.</summary>
    public abstract string File { get; }

    /// <summary>The advice to a user when it is not found.</summary>
    public virtual string Remedy => "Install it, or name its path in the connection.";

    /// <summary>Changes to the environment that it is started with.</summary>
    public virtual IReadOnlyDictionary<string, string?> Environment => ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>The environment of a tool whose messages GNU gettext translates: only the choice of the language is changed.</summary>
    protected static IReadOnlyDictionary<string, string?> Untranslated { get; } =
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["LANGUAGE"] = "en" };

    /// <summary>
    /// Whether the other side is on this machine: then unpacking an executable there takes longer than sending it as it is.
    /// </summary>
    public virtual bool IsNear => true;

    /// <summary>Whether it asks on a terminal.</summary>
    public virtual bool NeedsTerminal => false;

    /// <summary>Finds out what its arguments and questions depend on. Called once, before all others.</summary>
    public virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Its arguments.</summary>
    /// <param name="script">
    /// The script for the shell at the other end. It has no quote, backslash, exclamation mark or newline, so that single quotes around it
    /// do in every shell.
    /// </param>
    public abstract IReadOnlyList<string> Arguments(string script);

    /// <summary>
    /// The answer to a text that stands unterminated before a shell has spoken; <see langword="null"/> if it is not known as a question of
    /// this tool's, which ends the start when it is certain that it is one.
    /// </summary>
    public virtual Reply? Reply(Asked asked) => null;

    /// <summary>Whether a line of its standard error tells that what follows is not the tool's any more.</summary>
    public virtual bool IsLastWord(string line) => false;

    /// <summary>Whether a line of its own, before a shell speaks, tells of a try alone: if no other one follows, it stands in the failure.</summary>
    public virtual bool IsOfTry(string line) => false;

    /// <summary>A line of its standard error as people are to see it; <see langword="null"/> if they are not.</summary>
    public virtual string? Show(string line) => line;

    /// <summary>Why it failed, if its exit status or its last lines tell.</summary>
    public abstract LaunchProblem? Explain(LaunchEnd end);

    /// <summary>The same, where more may have to be found out for it.</summary>
    public virtual Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult(Explain(end));

    /// <summary>
    /// The reason that its end tells for the end of its context, which said no last word. Here for tools that give their own streams to
    /// what they start and end as that does (sudo, su, doas, nsenter): the link outlives them if the context does.
    /// </summary>
    public virtual DisconnectReason Tell(CarrierEnd end) => end.WasBeforeLink ? end.AsTool(File) : end.AsItsOwn();

    /// <summary>Whether a question is about a password or an account that is over its time.</summary>
    public static bool TellsOfExpiry(Asked asked) =>
        QuestionWords.TellsOfExpiry(asked.Text) || asked.Before?.Any(QuestionWords.TellsOfExpiry) == true;

    /// <summary>Why a question that is not known ends the start.</summary>
    public LaunchProblem Unanswerable(Asked asked) => TellsOfExpiry(asked)
        ? new(BootstrapReason.Expired, $"The password or the account has expired: {File} asks '{Show(asked.Text)?.Trim()}'. Log in by hand and change it, or have it renewed.")
        : new(
            BootstrapReason.UnansweredQuestion,
            $"{File} asks: '{Show(asked.Text)?.Trim()}', which no option of the connection answers. A login that asks for nothing else " +
            "(a key, a rule without a password) is needed.");
}
