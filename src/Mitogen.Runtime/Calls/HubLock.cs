using System.Diagnostics;
using System.Runtime.CompilerServices;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>
/// The lock of a context's calls, held by this thread. What the lock guards is had by it, and a method that needs the lock takes it, so that
/// code which forgets the lock does not compile.
/// </summary>
/// <remarks>
/// <see cref="CallHub.Enter"/> makes it, and releases the lock when it is disposed. It lives on the stack: no field keeps it, no lambda, and
/// no method across an await.
/// </remarks>
internal readonly ref struct HubLock(HubState state)
{
    public Kernel Kernel => state.Kernel;

    /// <summary>The threads that wait for calls.</summary>
    public ChainThreads Chains => state.Chains;

    /// <summary>The promises of this context's that were kept or broken.</summary>
    public SettledPromises Settled => state.Settled;

    /// <summary>Calls that waited for another one to leave.</summary>
    public FreedCalls Freed => state.Freed;

    /// <summary>The threads that blocking methods for callers below may take.</summary>
    public ThreadPlaces Threads => state.Threads;

    /// <summary>Says when calls wait for long.</summary>
    public SlotWatch Slots => state.Slots;

    /// <summary>Tells of methods that keep the calls after them from starting.</summary>
    public HeldUpWatch HeldUp => state.HeldUp;

    /// <summary>Notes something to do when the lock is released.</summary>
    public void Defer(IDeferred item) => state.Deferred.Add(item);

    /// <summary>Releases the lock, and runs what was deferred. Not for one that <see cref="CallHub.Held"/> gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => state.Exit();
}

/// <summary>Work that is done under the lock.</summary>
internal delegate void LockedAction(in HubLock locked);

/// <summary>A hub's lock, and what others use that it guards. The hub keeps it to itself: all others have it by a <see cref="HubLock"/>.</summary>
internal sealed class HubState
{
    // Empty lists, one for each time that the lock was released while what was deferred before runs.
    [ThreadStatic]
    private static Stack<List<IDeferred>>? s_spares;

    private readonly Lock _lock = new();
    private readonly ICallHost _host;

    public HubState(CallHub hub, uint self, IEnumerable<uint> ancestors, KernelOptions options, ICallHost host)
    {
        _host = host;
        Kernel = new Kernel(self, ancestors, options, hub);
        Chains = new ChainThreads(self);
        Settled = new SettledPromises(hub);
        Slots = new SlotWatch(hub);
        HeldUp = new HeldUpWatch(hub);
    }

    public Kernel Kernel { get; }

    public ChainThreads Chains { get; }

    public SettledPromises Settled { get; }

    public FreedCalls Freed { get; } = new();

    public ThreadPlaces Threads { get; } = new();

    public SlotWatch Slots { get; }

    public HeldUpWatch HeldUp { get; }

    /// <summary>The work that is to be done when the lock is released.</summary>
    public List<IDeferred> Deferred { get; private set; } = [];

    public HubLock Enter()
    {
        Debug.Assert(!_lock.IsHeldByCurrentThread, "The hub's lock is taken twice: what is deferred would run while it is held.");
        _lock.Enter();
        return new HubLock(this);
    }

    /// <summary>For who is called by something that holds the lock.</summary>
    public HubLock Held()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "The hub's lock is not held by this thread.");
        return new HubLock(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit()
    {
        if (Deferred.Count == 0)
        {
            _lock.Exit();
            return;
        }

        ExitAndRun();
    }

    private void ExitAndRun()
    {
        List<IDeferred> items = Deferred;
        Stack<List<IDeferred>> spares = s_spares ??= new();
        Deferred = spares.TryPop(out List<IDeferred>? spare) ? spare : [];
        _lock.Exit();
        Run(items);
        items.Clear();
        spares.Push(items);
    }

    /// <summary>One that fails must not keep the others, whose calls would never end.</summary>
    private void Run(List<IDeferred> items)
    {
        for (int i = 0; i < items.Count;)
        {
#pragma warning disable CA1031 // whatever it is, the thread that happens to run it has nothing to do with it
            try
            {
                while (i < items.Count)
                {
                    items[i++].Run();
                }
            }
            catch (Exception e)
            {
                _host.OnFailure(e);
            }
#pragma warning restore CA1031
        }
    }
}
