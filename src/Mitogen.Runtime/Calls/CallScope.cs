namespace Mitogen.Calls;

/// <summary>
/// The things that a call which runs here passes on to the calls that it makes: its chain, and the time that it has left.
/// </summary>
/// <param name="chain">The chain; zero: none.</param>
/// <param name="due">When the time is over, by <see cref="Environment.TickCount64"/>.</param>
internal sealed class CallScope(ChainId chain, long? due)
{
    private static readonly AsyncLocal<CallScope?> s_current = new();

    // Most programs never have one, and need not look.
    private static volatile bool s_isUsed;

    private volatile bool _isOver;

    /// <summary>The scope of the call that this code is a part of. Work that outlives its call has none.</summary>
    public static CallScope? Current => s_isUsed && s_current.Value is { _isOver: false } scope ? scope : null;

    public ChainId Chain { get; } = chain;

    /// <summary>How much time the call has left; <see langword="null"/>: any.</summary>
    public TimeSpan? Left => due is { } time ? TimeSpan.FromMilliseconds(Math.Max(1, time - Environment.TickCount64)) : null;

    /// <summary>Begins the scope on this thread, and on what it starts.</summary>
    public void Enter()
    {
        s_isUsed = true;
        s_current.Value = this;
    }

    /// <summary>The call has ended.</summary>
    public void End() => _isOver = true;
}
