using System.Diagnostics;

namespace Mitogen.Starting;

/// <summary>
/// The times and bytes of a start: when a shell reported and the context said hello, and the bytes until then. Belongs to the thread that
/// listens.
/// </summary>
internal sealed class StartTimes
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>When a shell made its report; null if none was started, or none did.</summary>
    public TimeSpan? Reached { get; private set; }

    public TimeSpan? Hello { get; private set; }

    public long Sent { get; set; }

    public long Received { get; set; }

    public TimeSpan Now => Stopwatch.GetElapsedTime(_begun);

    public void Update(bool isReached, bool isHello)
    {
        Reached ??= isReached ? Now : null;
        Hello ??= isHello ? Now : null;
    }
}
