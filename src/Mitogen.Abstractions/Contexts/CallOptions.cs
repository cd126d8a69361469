namespace Mitogen;

/// <summary>Options of the calls on one proxy.</summary>
public sealed record CallOptions
{
    /// <summary>
    /// How long a call may take before it ends with <see cref="TimeoutException"/>; the callee is told to cancel.
    /// <see langword="null"/>, the default, is for ever. From 1 millisecond to 24 days.
    /// </summary>
    public TimeSpan? Timeout { get; init; }
}
