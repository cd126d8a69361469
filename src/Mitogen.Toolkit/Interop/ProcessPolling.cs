using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Interop;

/// <summary>
/// Waits for descriptors: one thread polls all of them, so that no process and no pipe holds a thread of the pool. The thread begins with the
/// first wait and ends when nobody waits.
/// </summary>
internal static class ProcessPolling
{
    private static readonly Lock s_gate = new();

    // Under s_gate.
    private static readonly List<Waiter> s_waiters = [];
    private static ProcessHandle? s_bell;

    /// <summary>Completes when the descriptor is ready, or has ended or failed, which the next call on it tells.</summary>
    public static Task ReadyAsync(SafeHandle descriptor, short events, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Waiter waiter;
        lock (s_gate)
        {
            bool isFirst = s_bell is null;
            if (isFirst)
            {
                Begin(); // before the wait holds the descriptor: it may fail
            }

            waiter = new Waiter(descriptor, events);
            s_waiters.Add(waiter);
            if (!isFirst)
            {
                Ring();
            }
        }

        return cancellationToken.CanBeCanceled ? waiter.EndAsync(cancellationToken) : waiter.Task;
    }

    /// <summary>Under the gate: starts the thread, which ends at once if nobody waits then.</summary>
    private static void Begin()
    {
        ProcessHandle bell = ProcessHandle.Own(ProcessLibc.EventDescriptor(0, ProcessLibc.CloseOnExec | ProcessLibc.NonBlocking), "eventfd");
        try
        {
            new Thread(Run, 128 * 1024) { IsBackground = true, Name = "toolkit-poll" }.UnsafeStart();
        }
        catch
        {
            bell.Dispose();
            throw;
        }

        s_bell = bell;
    }

    /// <summary>Under the gate: the thread looks again.</summary>
    private static unsafe void Ring()
    {
        ulong one = 1;
        _ = ProcessLibc.Write(s_bell!.Number, (byte*)&one, sizeof(ulong)); // if the counter is full, the thread is about to look anyway
    }

    private static unsafe void Run()
    {
        PolledDescriptor[] polled = [];
        Waiter[] waiters = [];
        int count = 0;
        while (true)
        {
            lock (s_gate)
            {
                for (int i = 0; i < count; i++)
                {
                    if (polled[i + 1].Returned != 0)
                    {
                        _ = waiters[i].IsReady = true;
                    }
                }

                _ = s_waiters.RemoveAll(static waiter => waiter.TryEnd());
                count = s_waiters.Count;
                if (count == 0)
                {
                    s_bell!.Dispose();
                    s_bell = null;
                    return;
                }

                if (waiters.Length < count)
                {
                    waiters = new Waiter[count * 2];
                    polled = new PolledDescriptor[waiters.Length + 1];
                }

                s_waiters.CopyTo(waiters);
                Array.Clear(waiters, count, waiters.Length - count);
                polled[0] = new PolledDescriptor { Fd = s_bell!.Number, Events = ProcessLibc.PollIn };
            }

            for (int i = 0; i < count; i++)
            {
                polled[i + 1] = new PolledDescriptor { Fd = waiters[i].Number, Events = waiters[i].Events };
            }

            fixed (PolledDescriptor* first = polled)
            {
                // EINTR leaves all as not ready: it looks again.
                if (ProcessLibc.Poll(first, (nuint)count + 1, -1) > 0 && polled[0].Returned != 0)
                {
                    ulong rung;
                    _ = ProcessLibc.Read(polled[0].Fd, (byte*)&rung, sizeof(ulong));
                }
            }
        }
    }

    /// <summary>One wait. It holds a reference on the descriptor, so that its number means no other file meanwhile.</summary>
    private sealed class Waiter
    {
        private readonly SafeHandle _descriptor;
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationToken _cancelled;

        public Waiter(SafeHandle descriptor, short events)
        {
            bool held = false;
            descriptor.DangerousAddRef(ref held);
            _descriptor = descriptor;
            Events = events;
        }

        public int Number => (int)_descriptor.DangerousGetHandle();

        public short Events { get; }

        /// <summary>Under the gate.</summary>
        public bool IsReady { get; set; }

        public Task Task => _done.Task;

        /// <summary>Under the gate: ends the wait, if it is over.</summary>
        public bool TryEnd()
        {
            if (!IsReady && !_cancelled.IsCancellationRequested)
            {
                return false;
            }

            _descriptor.DangerousRelease();
            _ = IsReady ? _done.TrySetResult() : _done.TrySetCanceled(_cancelled);
            return true;
        }

        public async Task EndAsync(CancellationToken cancellationToken)
        {
            lock (s_gate)
            {
                _cancelled = cancellationToken;
            }

            await using (cancellationToken.UnsafeRegister(
                static _ =>
                {
                    lock (s_gate)
                    {
                        if (s_bell is not null)
                        {
                            Ring();
                        }
                    }
                },
                null).ConfigureAwait(false))
            {
                await _done.Task.ConfigureAwait(false);
            }
        }
    }
}
