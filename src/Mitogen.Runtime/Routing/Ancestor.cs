namespace Mitogen.Routing;

/// <summary>One step on the way from the root to a context.</summary>
internal sealed record Ancestor(uint Id, string Name);
