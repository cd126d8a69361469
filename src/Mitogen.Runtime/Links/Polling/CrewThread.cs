using Mitogen.Calls;

namespace Mitogen.Links;

/// <summary>The things that one thread of the crew has for itself, and whether the crew counts on it.</summary>
internal sealed class CrewThread(LinkCrew crew) : WorkThread
{
    private const int ReadSize = 64 * 1024;

    private const int Free = 0;
    private const int Busy = 1;
    private const int Lost = 2;

    private readonly List<PolledLink> _held = [];
    private PolledLink? _sentBy;
    private ExecutionContext? _context;
    private WorkBatch _work = WorkBatch.Rent();
    private int _state;
    private long _busySince;

    /// <summary>The crew that it is of: no other one looks after what it holds back.</summary>
    public LinkCrew Crew => crew;

    /// <summary>Where it reads.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(ReadSize);

    /// <summary>Whether there is work to do.</summary>
    public bool HasWork => !_work.IsEmpty;

    /// <summary>Whether work is done, and what is sent may wait a moment for more of the kind.</summary>
    public bool Holds { get; private set; }

    /// <summary>The calling thread is this one.</summary>
    public void Begin()
    {
        Enter();
        _context = ExecutionContext.Capture();
    }

    /// <summary>From now on, work is collected.</summary>
    public void Collect() => Collecting = _work;

    /// <summary>From now on, work goes its usual ways.</summary>
    public void EndCollecting() => Collecting = null;

    /// <summary>Other threads do the work that there is so far.</summary>
    public void SendWorkAway()
    {
        if (!_work.IsEmpty)
        {
            _work.RunElsewhere();
            _work = WorkBatch.Rent();
            Collecting = Collecting is null ? null : _work;
        }
    }

    /// <summary>Does the work, which user code is a part of.</summary>
    /// <returns>Whether the crew still counts on the thread.</returns>
    public bool RunWork()
    {
        Volatile.Write(ref _busySince, Environment.TickCount64);
        _ = Interlocked.Exchange(ref _state, Busy);
        if (crew.IsStopped)
        {
            SendWorkAway(); // nobody may be left to look whether it lasts
        }

        if (_work.HasSeveral)
        {
            crew.Watch();
        }

        Holds = true;
        if (!_work.Run())
        {
            Volatile.Write(ref _work, WorkBatch.Rent());
        }

        Holds = false;
        SendNow();

        // What comes next on the thread must not see what this set.
        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        if (_context is not null)
        {
            ExecutionContext.Restore(_context);
        }

        return Interlocked.Exchange(ref _state, Free) == Busy;
    }

    /// <summary>
    /// Whether the work has sent by this link already, and nothing has been sent by another one since. What it sends next may wait for more: code
    /// that makes several calls makes them one after the other, and each write costs as much as a call.
    /// </summary>
    public bool HasSentBy(PolledLink link) => _sentBy == link;

    /// <summary>The work has sent by this link.</summary>
    public void NoteSent(PolledLink link) => _sentBy = link;

    /// <summary>The link's writer is this thread, when its work is done or is about to block.</summary>
    public void Hold(PolledLink link)
    {
        _held.Add(link);
        crew.Watch();
    }

    protected override bool BeginBlocking()
    {
        SendNow();
        if (!Holds)
        {
            return false;
        }

        Holds = false;
        _work.Help();
        return true;
    }

    protected override void EndBlocking(bool before) => Holds = before;

    protected override bool TryAddMore(IThreadPoolWorkItem item)
    {
        if (!Holds || Volatile.Read(ref _state) == Lost || !_work.TryAddMore(item))
        {
            return false;
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _state) == Lost)
        {
            _work.Help(); // given up meanwhile: nobody looks at this thread any more
        }

        crew.Watch();
        return true;
    }

    private void SendNow()
    {
        _sentBy = null;
        if (_held.Count > 0)
        {
            foreach (PolledLink link in _held)
            {
                link.LetGo();
            }

            _held.Clear();
        }
    }

    /// <summary>Lets others help with work that lasts.</summary>
    /// <returns>Whether it is at work.</returns>
    public bool Help()
    {
        if (Volatile.Read(ref _state) == Free)
        {
            return false;
        }

        Volatile.Read(ref _work).Help();
        return true;
    }

    /// <summary>Gives the thread up if user code has kept it for that long.</summary>
    /// <returns>Whether it is given up just now.</returns>
    public bool TryGiveUp(long now, int milliseconds)
    {
        if (Volatile.Read(ref _state) != Busy
            || now - Volatile.Read(ref _busySince) < milliseconds
            || Interlocked.CompareExchange(ref _state, Lost, Busy) != Busy)
        {
            return false;
        }

        Volatile.Read(ref _work).Help();
        return true;
    }
}
