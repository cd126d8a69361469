using System.Collections.Concurrent;
using Mitogen.Interop;
using Mitogen.Processes;

namespace Mitogen.Links;

/// <summary>
/// The few threads that move the bytes of all links of this process which a poller can watch. One that is woken handles the frames, and then
/// runs the user's methods and continuations that came of them itself: no hand-off is on the way of a call. Meanwhile another one waits in its
/// place (leader and followers, with the kernel as arbiter).
/// </summary>
/// <remarks>
/// At any time at least one thread is free of user code, so that no link waits for it: the last one leaves the work to the pool. One that user
/// code keeps for long is not counted any more, and another one takes its place. The threads end with the last link.
/// </remarks>
internal sealed class LinkCrew
{
    /// <summary>How the threads are called.</summary>
    public const string ThreadName = "mitogen-link";

    private const int FirstThreads = 2;

    // How long, in milliseconds, user code keeps a thread before another one may take its place.
    private const int LongTime = 500;

    // How long, in milliseconds, work lasts and frames are held back before another thread looks.
    private const int WatchTime = 1;

    private static readonly Lock s_shared = new();
    private static LinkCrew? s_crew;

    private readonly ConcurrentQueue<(PolledLink Link, LinkJob Job)> _jobs = new(); // one of each kind of a link at most
    private readonly Lock _gate = new();
    private readonly int _maxThreads;

    // Written under _gate, read without.
    private volatile PolledLink?[] _links = new PolledLink?[16];
    private volatile bool _stopped;

    // Under _gate.
    private readonly List<CrewThread> _threads = [];
    private int _linkCount;
    private int _running;
    private long _nextTick = long.MaxValue;

    // The threads that user code does not have.
    private int _free;
    private int _watching;
    private int _staying;

    /// <param name="poller">Where they wait; the crew disposes it.</param>
    /// <param name="maxThreads">How many threads it may have, those aside which user code has kept for long.</param>
    public LinkCrew(IPoller poller, int maxThreads)
    {
        Poller = poller;
        _maxThreads = maxThreads;
    }

    /// <summary>Whether the last link has left, so that the threads end.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Where the threads wait.</summary>
    public IPoller Poller { get; }

    private static int DefaultMaxThreads => Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    /// <summary>The crew of this process, which begins with its first link. A link is to be added to it at once.</summary>
    /// <exception cref="IOException">The system gives this process no more descriptors.</exception>
    public static LinkCrew Shared()
    {
        lock (s_shared)
        {
            return s_crew is { _stopped: false } crew ? crew : s_crew = new LinkCrew(new Epoll(), DefaultMaxThreads);
        }
    }

    /// <summary>Takes a link.</summary>
    /// <returns>Whether it did; not if its last link has left, and the crew with it.</returns>
    /// <exception cref="IOException">There is no thread for it.</exception>
    public bool TryAdd(PolledLink link)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return false;
            }

            MakeThreads();
            if (_linkCount == _links.Length)
            {
                PolledLink?[] more = new PolledLink?[2 * _linkCount];
                _links.CopyTo(more, 0);
                _links = more;
            }

            int place = Array.IndexOf(_links, null);
            link.Place = place;
            _links[place] = link;
            _linkCount++;
            if (link.NextTick < _nextTick)
            {
                _nextTick = link.NextTick;
                Poller.SetTimer(link.TickTime);
            }

            return true;
        }
    }

    /// <summary>A link has ended. With the last one the threads end.</summary>
    public void Leave(PolledLink link)
    {
        lock (_gate)
        {
            _links[link.Place] = null;
            if (--_linkCount == 0)
            {
                Stop();
            }
        }
    }

    /// <summary>Lets one of the threads do something for a link.</summary>
    public void Post(PolledLink link, LinkJob job)
    {
        _jobs.Enqueue((link, job));
        try
        {
            Poller.Ring();
        }
        catch (ObjectDisposedException)
        {
            // The link has ended, and with it the crew.
        }
    }

    /// <summary>Lets another thread look after a moment whether work lasts, or frames are held back.</summary>
    public void Watch()
    {
        // Either this sees that somebody has begun to look, or who looks sees what the caller has written before this.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _watching) == 0 && Interlocked.Exchange(ref _watching, 1) == 0)
        {
            Poller.SetAlarm(WatchTime);
        }
    }

    /// <summary>
    /// The framework makes the thread of all timers with the first one. Where the system has no thread, this is to fail here, and not where the
    /// process ends for it.
    /// </summary>
    private static void MakeTimerThread()
    {
        try
        {
            using Timer first = new(static _ => { }, null, LongTime, Timeout.Infinite);
        }
        catch (OutOfMemoryException e)
        {
            throw new IOException($"{OwnThread.NoMore}.", e);
        }
    }

    /// <summary>Makes the first threads; under the gate.</summary>
    private void MakeThreads()
    {
        try
        {
            if (_threads.Count == 0)
            {
                MakeTimerThread();
            }

            while (_threads.Count < FirstThreads)
            {
                StartThread();
            }
        }
        catch when (_linkCount == 0)
        {
            Stop(); // without a link nobody else would
            if (_running == 0)
            {
                Poller.Dispose();
            }

            throw;
        }
    }

    /// <summary>Lets all threads end; under the gate.</summary>
    private void Stop()
    {
        _stopped = true;
        Poller.Stop();
    }

    /// <summary>Starts a thread; under the gate.</summary>
    private void StartThread()
    {
        CrewThread thread = new(this);
        _threads.Add(thread);
        _running++;
        _ = Interlocked.Increment(ref _free);
        try
        {
            _ = OwnThread.Start(ThreadName, () => Work(thread));
        }
        catch
        {
            _ = Interlocked.Decrement(ref _free);
            _running--;
            _ = _threads.Remove(thread);
            throw;
        }
    }

    private void Work(CrewThread thread)
    {
        thread.Begin();
        do
        {
            ulong token = Poller.Wait(out PollEvents events);
            if (token == PollToken.End)
            {
                StayForOthers();
                break;
            }

            thread.Collect();
            Handle(token, events, thread);
            thread.EndCollecting();
        }
        while (!thread.HasWork || RunWork(thread));

        lock (_gate)
        {
            _ = _threads.Remove(thread);
            if (--_running == 0 && _stopped)
            {
                Poller.Dispose();
            }
        }
    }

    private void Handle(ulong token, PollEvents events, CrewThread thread)
    {
        switch (token)
        {
            case PollToken.Bell:
                DoJob(thread);
                break;
            case PollToken.Timer:
                PassTime();
                break;
            case PollToken.Alarm:
                Look();
                break;
            default:
                // One that has just left may still be told of, or one that has its place now for nothing.
                _links[(int)token]?.OnEvents(events, thread);
                break;
        }
    }

    private void DoJob(CrewThread thread)
    {
        if (_jobs.TryDequeue(out (PolledLink Link, LinkJob Job) next))
        {
            if (!_jobs.IsEmpty)
            {
                Poller.Ring(); // two jobs may have woken one thread only
            }

            next.Link.OnJob(next.Job, thread);
        }
    }

    /// <summary>
    /// The links are gone, but user code may still have other threads, whose work and whose frames for links of other crews wait for somebody who
    /// looks: one thread stays until they have come back or are given up.
    /// </summary>
    private void StayForOthers()
    {
        if (Interlocked.Exchange(ref _staying, 1) == 0)
        {
            while (LookNow())
            {
                Thread.Sleep(WatchTime);
            }
        }
    }

    /// <summary>The alarm was set some time ago.</summary>
    private void Look()
    {
        _ = Interlocked.Exchange(ref _watching, 0);
        if (LookNow())
        {
            Watch();
        }
    }

    /// <summary>What lasts is not left to one thread.</summary>
    /// <returns>Whether somebody is to look again.</returns>
    private bool LookNow()
    {
        bool goesOn = false;
        lock (_gate)
        {
            GiveUpBusy();
            foreach (CrewThread thread in _threads)
            {
                goesOn |= thread.Help();
            }
        }

        foreach (PolledLink? link in _links)
        {
            goesOn |= link is { IsHeld: true };
            link?.LetGo();
        }

        return goesOn;
    }

    /// <summary>Counts no more on the threads that user code has kept for long; under the gate.</summary>
    private void GiveUpBusy()
    {
        long now = Environment.TickCount64;
        _ = _threads.RemoveAll(thread => thread.TryGiveUp(now, LongTime));
    }

    private void PassTime()
    {
        long now = Environment.TickCount64;
        foreach (PolledLink? link in _links)
        {
            link?.OnTime(now);
        }

        lock (_gate)
        {
            _nextTick = _links.Min(link => link?.NextTick ?? long.MaxValue);
            if (_nextTick != long.MaxValue)
            {
                Poller.SetTimer((int)Math.Max(1, _nextTick - now));
            }
        }
    }

    /// <summary>Runs what came of the frames: here if another thread is free for the links, else on the pool.</summary>
    /// <returns>Whether the thread goes on.</returns>
    private bool RunWork(CrewThread thread)
    {
        if (Interlocked.Decrement(ref _free) > 0)
        {
            bool counts = thread.RunWork();
            if (counts || TryReturn(thread))
            {
                _ = Interlocked.Increment(ref _free);
                return true;
            }

            return false;
        }

        _ = Interlocked.Increment(ref _free);
        thread.SendWorkAway();
        AddThread();
        return true;
    }

    /// <summary>User code gives a thread back that was given up.</summary>
    private bool TryReturn(CrewThread thread)
    {
        lock (_gate)
        {
            if (_threads.Count >= _maxThreads)
            {
                return false;
            }

            _threads.Add(thread);
            return true;
        }
    }

    /// <summary>All but one are busy: there may be one more for the next time, also in the place of one that is busy for long.</summary>
    private void AddThread()
    {
        lock (_gate)
        {
            GiveUpBusy();
            if (_threads.Count < _maxThreads && !_stopped)
            {
                try
                {
                    StartThread();
                }
                catch (IOException)
                {
                    // The pool does the work as long as the system has none.
                }
            }
        }
    }
}
