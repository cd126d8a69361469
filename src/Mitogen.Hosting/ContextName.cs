namespace Mitogen.Hosting;

/// <summary>The name of a context that was added to the services.</summary>
internal sealed record ContextName(string Name);
