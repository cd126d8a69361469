namespace Mitogen.Telemetry;

/// <summary>
/// Whether this process measures calls at all. A root does, where somebody listens. A started context does from the first call on that comes with a
/// trace context: before that it does not even load what measuring needs.
/// </summary>
internal static class Tracing
{
    private static readonly Lock s_lock = new();
    private static Action? s_atFirst;
    private static volatile bool s_isOn;
    private static long s_contexts;

    public static bool IsOn => s_isOn;

    /// <summary>The contexts that live of those that this process started.</summary>
    public static long Contexts => Interlocked.Read(ref s_contexts);

    /// <summary>A context came up (1), or is gone (-1).</summary>
    public static void CountContexts(int change) => _ = Interlocked.Add(ref s_contexts, change);

    /// <summary>Has something done before the first call is measured: a started context, which nobody listens in, begins to collect.</summary>
    public static void AtFirst(Action action)
    {
        lock (s_lock)
        {
            s_atFirst = action;
        }
    }

    public static void TurnOn()
    {
        if (s_isOn)
        {
            return;
        }

        lock (s_lock)
        {
            s_atFirst?.Invoke();
            s_atFirst = null;
            s_isOn = true;
        }
    }
}
