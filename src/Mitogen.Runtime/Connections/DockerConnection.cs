using Mitogen.Connections;

namespace Mitogen;

/// <summary>
/// Starts a context in a container of Docker: in one that runs (<c>docker exec</c>), or in one made from an image for this context alone
/// and removed after it (<c>docker run --rm</c>). Exactly one of <see cref="Container"/> and <see cref="Image"/> has to be set.
/// </summary>
/// <param name="Container">The name or id of a running container; <see langword="null"/> when <see cref="Image"/> is set.</param>
public sealed record DockerConnection(string? Container = null) : PlainConnection, IWrittenAsText<DockerConnection>
{
    private readonly ArgumentList _options = ArgumentList.None;

    /// <summary>The image to make a container from. Default: none.</summary>
    public string? Image { get; init; }

    /// <summary>The user in the container, by name or number. Default: the container's.</summary>
    public string? User { get; init; }

    /// <summary>Further arguments of <c>docker exec</c> or <c>docker run</c>, before the container or image. Default: none.</summary>
    public IReadOnlyList<string> Options { get => _options; init => _options = ArgumentList.Copy(value); }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>docker</c>.</summary>
    public string DockerPath { get; init; } = "docker";

    static DockerConnection IWrittenAsText<DockerConnection>.Blank => new();

    static DockerConnection IWrittenAsText<DockerConnection>.Map(IHopText hop, DockerConnection it, DockerConnection blank)
    {
        (string? container, string? image) = hop.ContainerOrImage(it.Container, it.Image);
        return it with
        {
            Container = container,
            Image = image,
            User = hop.User(it.User),
            Options = hop.Texts("option", it.Options),
            DockerPath = hop.Without(it.DockerPath, blank.DockerPath),
        };
    }
}
