namespace Mitogen.Connections;

/// <summary>A question that was answered.</summary>
/// <param name="Text">Its text.</param>
/// <param name="What">A name for the secret that was typed; null if nothing but the Enter key.</param>
internal sealed record Answered(string Text, string? What);
