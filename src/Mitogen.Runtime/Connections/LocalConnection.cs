namespace Mitogen;

/// <summary>
/// Starts a context as a subprocess on the machine of the context that starts it. <see cref="Payload.Auto"/> takes the program's own
/// executable where it is native or a self-contained single file, and the managed agent elsewhere.
/// </summary>
public sealed record LocalConnection : Connection
{
    /// <summary>
    /// Whether the new context starts from an empty folder with the runtime library alone and imports every assembly of the
    /// application over the link, as on another machine. By default it starts from the application's own folder. Of the managed
    /// payload only.
    /// </summary>
    public bool Isolated { get; init; }

    /// <summary>The <c>dotnet</c> to run; <see langword="null"/> takes the one that runs this process, or one from the usual
    /// places. Of the managed payload only.</summary>
    public string? DotNetPath { get; init; }
}
