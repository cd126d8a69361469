namespace Mitogen.Toolkit;

/// <summary>The bounds of reading.</summary>
public sealed record FileReadOptions
{
    /// <summary>
    /// How many bytes a content may have that is read as a whole: a larger one is an <see cref="IOException"/>, and
    /// <see cref="IFiles.OpenReadAsync"/> reads it. Default: 16 MiB; 1 to 1 GiB.
    /// </summary>
    public int MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many bytes a line may have where lines are read: a longer one is an <see cref="IOException"/>. Default: 1 MiB; 1 to 1 GiB.</summary>
    public int MaxLineBytes { get; init; } = 1024 * 1024;
}
