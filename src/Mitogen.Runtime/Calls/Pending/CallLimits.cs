using System.Diagnostics.CodeAnalysis;

namespace Mitogen.Calls;

/// <summary>A call's token and its time, by which this side ends it. A field of who waits, which ends them before the call's use ends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Both end with each use.")]
internal struct CallLimits
{
    private CancellationTokenRegistration _cancellation;
    private Deadline? _deadline;

    /// <summary>The end of the time of a call that is sent now, for a thread that waits until then itself.</summary>
    /// <returns>The end, by <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/>: none.</returns>
    public static long TimeOf(PendingCall call) =>
        call.Parts.Timeout is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;

    /// <summary>Ends the call from now on when the token is cancelled.</summary>
    public void BeginToken(PendingCall call, CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            _cancellation = token.UnsafeRegister(static (call, token) => Cancel((PendingCall)call!, token), call);
        }
    }

    /// <summary>Ends the use of the call that had this generation when its time is over, if it has a deadline.</summary>
    public void BeginTime(PendingCall call, int generation)
    {
        if (call.Parts.Timeout is { } time)
        {
            _deadline = new Deadline(call, generation, time);
        }
    }

    public void End()
    {
        _cancellation.Dispose();
        _cancellation = default;
        _deadline?.Dispose();
        _deadline = null;
    }

    private static void Cancel(PendingCall call, CancellationToken token)
    {
        CallHub hub = call.Hub;
#pragma warning disable CA1031 // the thread that cancels may be a timer's, whose exceptions end the process
        try
        {
            using (HubLock locked = hub.Enter())
            {
                call.Abandon(locked, new OperationCanceledException(token));
            }
        }
        catch (Exception e)
        {
            hub.Host.OnFailure(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>A timer of one use of a call. It may be late: the instance is perhaps in use for another call, even of another hub.</summary>
    private sealed class Deadline : IDisposable
    {
        private readonly PendingCall _call;
        private readonly CallHub _hub;
        private readonly int _generation;
        private readonly Timer _timer;

        public Deadline(PendingCall call, int generation, TimeSpan time)
        {
            _call = call;
            _hub = call.Hub;
            _generation = generation;
            _timer = new Timer(static deadline => ((Deadline)deadline!).Pass(), this, time, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer.Dispose();

        private void Pass()
        {
#pragma warning disable CA1031 // an exception on a timer's thread ends the process
            try
            {
                using (HubLock locked = _hub.Enter())
                {
                    if (_call.IsPending(_generation))
                    {
                        _call.PassTimeout(locked);
                    }
                }
            }
            catch (Exception e)
            {
                _hub.Host.OnFailure(e);
            }
#pragma warning restore CA1031
        }
    }
}
