using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// The threads that blocking methods for callers below may take at the same time. A gate whose next call finds no place waits for one; its
/// calls stay in their order.
/// </summary>
internal sealed class ThreadPlaces
{
    // By the account whose bound is reached. Each gate is in one queue at most, once.
    private readonly Dictionary<Account, Queue<CallGate>> _waiting = [];

    /// <summary>Takes a place for the next call of a gate. If there is none, <see cref="Give"/> activates the gate.</summary>
    public bool TryTake(Account account, CallGate gate)
    {
        if (account.TryTake(Resource.Threads, 1))
        {
            return true;
        }

        Account full = account;
        while (HasRoom(full))
        {
            full = full.Above!;
        }

        if (!_waiting.TryGetValue(full, out Queue<CallGate>? gates))
        {
            _waiting.Add(full, gates = new());
        }

        gates.Enqueue(gate);
        return false;
    }

    /// <summary>A blocking method has ended: whoever waits has its turn.</summary>
    public void Give(in HubLock locked, Account account)
    {
        account.Give(Resource.Threads, 1);
        for (Account? freed = account; freed is not null; freed = freed.Above)
        {
            // A gate takes one place at the most, or none: its call was given up, or another account on its way is full.
            while (HasRoom(freed) && _waiting.TryGetValue(freed, out Queue<CallGate>? gates))
            {
                CallGate gate = gates.Dequeue();
                if (gates.Count == 0)
                {
                    _ = _waiting.Remove(freed);
                }

                gate.HasThread(locked);
            }
        }
    }

    private static bool HasRoom(Account account) => account.Held(Resource.Threads) < account.BoundOf(Resource.Threads);
}
