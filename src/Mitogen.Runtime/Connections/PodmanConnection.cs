using Mitogen.Connections;

namespace Mitogen;

/// <summary>
/// Starts a context in a container of Podman: in one that runs (<c>podman exec</c>), or in one made from an image for this context alone
/// and removed after it (<c>podman run --rm</c>). Exactly one of <see cref="Container"/> and <see cref="Image"/> has to be set.
/// </summary>
/// <param name="Container">The name or id of a running container; <see langword="null"/> when <see cref="Image"/> is set.</param>
public sealed record PodmanConnection(string? Container = null) : PlainConnection, IWrittenAsText<PodmanConnection>
{
    private readonly ArgumentList _options = ArgumentList.None;

    /// <summary>The image to make a container from. Default: none.</summary>
    public string? Image { get; init; }

    /// <summary>The user in the container, by name or number. Default: the container's.</summary>
    public string? User { get; init; }

    /// <summary>Further arguments of <c>podman exec</c> or <c>podman run</c>, before the container or image. Default: none.</summary>
    public IReadOnlyList<string> Options { get => _options; init => _options = ArgumentList.Copy(value); }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>podman</c>.</summary>
    public string PodmanPath { get; init; } = "podman";

    static PodmanConnection IWrittenAsText<PodmanConnection>.Blank => new();

    static PodmanConnection IWrittenAsText<PodmanConnection>.Map(IHopText hop, PodmanConnection it, PodmanConnection blank)
    {
        (string? container, string? image) = hop.ContainerOrImage(it.Container, it.Image);
        return it with
        {
            Container = container,
            Image = image,
            User = hop.User(it.User),
            Options = hop.Texts("option", it.Options),
            PodmanPath = hop.Without(it.PodmanPath, blank.PodmanPath),
        };
    }
}
