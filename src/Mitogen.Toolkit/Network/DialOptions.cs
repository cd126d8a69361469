namespace Mitogen.Toolkit;

/// <summary>How to connect to an address. Immutable.</summary>
public sealed record DialOptions
{
    /// <summary>The time after which it is given up. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How to listen at an address. Immutable.</summary>
public sealed record ListenOptions
{
    /// <summary>How many connections the kernel keeps until they are accepted; further ones have to wait. Default: 128.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>The permissions of a Unix socket's file. Default: its owner alone.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether the file of a Unix socket is replaced that nobody listens at any more. Default: <see langword="true"/>.</summary>
    public bool ReplaceDead { get; init; } = true;
}
