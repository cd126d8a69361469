using System.Runtime.InteropServices;

namespace Mitogen.Calls;

/// <summary>The one-way calls to one context that have not ended, and those of which nobody knows whether they were executed.</summary>
internal sealed class PostedCalls
{
    // By the contract's name; a program has some dozens.
    private readonly Dictionary<string, Counts> _contracts = [];
    private int _underWay;
    private TaskCompletionSource? _none;

    /// <summary>Completes when none is under way.</summary>
    public Task WhenNone(in HubLock locked) => _underWay == 0 ? Task.CompletedTask : (_none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Begin(in HubLock locked, string contract)
    {
        _underWay++;
        CollectionsMarshal.GetValueRefOrAddDefault(_contracts, contract, out _).UnderWay++;
    }

    /// <param name="locked">The lock.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="isLost">Whether the other context ended before it did.</param>
    public void End(in HubLock locked, string contract, bool isLost)
    {
        ref Counts counts = ref CollectionsMarshal.GetValueRefOrNullRef(_contracts, contract);
        counts.UnderWay--;
        counts.Lost += isLost && counts.Told == 0 ? 1 : 0;
        counts.Told -= counts.Told > 0 ? 1 : 0;
        if (--_underWay == 0)
        {
            _none?.SetResult();
            _none = null;
        }
    }

    /// <summary>Takes the calls that were lost since the last time, in numbers for each contract.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="isEnding">Whether those that are under way count as lost too.</param>
    public IReadOnlyList<(string Contract, int Count)> TakeLost(in HubLock locked, bool isEnding)
    {
        List<(string, int)> all = [];
        foreach (string contract in _contracts.Keys)
        {
            ref Counts counts = ref CollectionsMarshal.GetValueRefOrNullRef(_contracts, contract);
            int lost = counts.Lost + (isEnding ? counts.UnderWay - counts.Told : 0);
            counts.Lost = 0;
            counts.Told = isEnding ? counts.UnderWay : counts.Told;
            if (lost > 0)
            {
                all.Add((contract, lost));
            }
        }

        return all;
    }

    private struct Counts
    {
        public int UnderWay;

        // Not told of yet.
        public int Lost;

        // Those of the ones under way that were told of.
        public int Told;
    }
}
