namespace Mitogen.Calls;

/// <summary>A service was wanted of a context that ended meanwhile. Its caller is told of the end of the context, not of this.</summary>
/// <param name="name">The context's name.</param>
internal sealed class ContextEndedException(string name) : ObjectDisposedException(name, $"Context '{name}' has ended.");
