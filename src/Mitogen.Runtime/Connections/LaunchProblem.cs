namespace Mitogen.Connections;

/// <summary>Why a context cannot be started, or was not.</summary>
/// <param name="Reason">The reason, for programs. After <see cref="BootstrapReason.Busy"/> it is tried again, until the time of the start is
/// over.</param>
/// <param name="Message">The reason and the remedy, for people.</param>
public sealed record LaunchProblem(BootstrapReason Reason, string Message)
{
    /// <summary>The reason, for programs.</summary>
    public BootstrapReason Reason { get; } =
        Reason is >= 0 and <= BootstrapReason.Busy ? Reason : throw new ArgumentOutOfRangeException(nameof(Reason));

    /// <summary>The reason and the remedy, for people.</summary>
    public string Message { get; } = Message ?? throw new ArgumentNullException(nameof(Message));
}
