using Mitogen;

/// <summary>An internal contract in the global namespace.</summary>
[Remote]
internal interface IGlobalEcho
{
    Task<string> EchoAsync(string text);
}

internal sealed class GlobalEcho : IGlobalEcho
{
    public Task<string> EchoAsync(string text) => Task.FromResult(text);
}
