namespace Fleet;

/// <summary>That something has changed at a target.</summary>
/// <param name="Index">Which of the targets.</param>
/// <param name="State">How it is now.</param>
internal sealed record Update(int Index, State State);

/// <summary>How far a target is. It ends with <see cref="Done"/> or <see cref="Failed"/>.</summary>
internal abstract record State;

/// <summary>One of its connections is being made.</summary>
internal sealed record Connecting(Hop Hop) : State;

/// <summary>The last context of its chain is up and was asked.</summary>
internal sealed record Asking : State;

/// <summary>It answered.</summary>
internal sealed record Done(HostFacts Facts) : State;

/// <summary>It did not.</summary>
/// <param name="Reason">The kind of failure.</param>
/// <param name="Hop">Where.</param>
/// <param name="StartedBy">The path of the context that tried to start that hop.</param>
/// <param name="Message">What went wrong, for people.</param>
/// <param name="LastLines">What the tool of that hop printed last.</param>
internal sealed record Failed(string Reason, Hop Hop, string StartedBy, string Message, IReadOnlyList<string> LastLines) : State;
