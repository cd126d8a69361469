using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>For how long a text has stood unterminated.</summary>
internal enum Standing
{
    /// <summary>It has just come, and may be the beginning of more.</summary>
    Fresh,

    /// <summary>Long enough that it came whole.</summary>
    Settled,

    /// <summary>So long that it waits for an answer.</summary>
    Waiting,
}

/// <summary>A tool's possible question: a text of it that stands unterminated, before a shell at the other end has spoken.</summary>
/// <param name="Text">The text, without what was answered already.</param>
internal sealed record Asked(string Text)
{
    /// <summary>Whether the tool's terminal does not show what is typed. Always false without a terminal.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Whether it stands on standard output, which is the other side's as soon as there is one.</summary>
    public bool IsOnOutput { get; init; }

    public Standing Standing { get; init; }

    /// <summary>The lines of standard error since the start or the last answer; null if they were too many to be kept.</summary>
    public IReadOnlyList<string>? Before { get; init; } = [];

    /// <summary>The questions that were answered already, in the order of the answers.</summary>
    public IReadOnlyList<Answered> Given { get; init; } = [];
}

/// <summary>The reply to a question.</summary>
internal abstract record Reply
{
    private Reply()
    {
    }

    /// <summary>To type a secret.</summary>
    /// <param name="What">A name for the secret, in a sentence: "the password of deploy@web1".</param>
    /// <param name="Option">Where it is set.</param>
    /// <param name="Secret">The secret, if the connection has it.</param>
    internal sealed record Type(string What, string Option, Secret? Secret) : Reply;

    /// <summary>To type nothing but the Enter key, so that the tool goes on without.</summary>
    internal sealed record Skip : Reply;

    /// <summary>To end the start.</summary>
    internal sealed record Refuse(LaunchProblem Problem) : Reply;
}
