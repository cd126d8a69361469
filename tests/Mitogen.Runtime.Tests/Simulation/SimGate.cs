using Mitogen.Calls;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>The calls on one key of a simulated context: the real order, charged as the real gate charges it, without threads.</summary>
internal sealed class SimGate
{
    private readonly Queue<SimServed> _startable = new();
    private readonly OrderGate<SimServed> _order;
    private Charge _charge = new(Resource.Parked);
    private bool _isClosed;

    public SimGate() => _order = new OrderGate<SimServed>(_startable.Enqueue);

    /// <summary>What waits for a number before it.</summary>
    public int Parked => _order.Parked;

    /// <returns>Whether the place was free, and whether what waits is within the bound.</returns>
    public (bool IsFree, bool HasRoom) Arrive(ulong sequence, SimServed? call, Account? account)
    {
        _charge.Use(account);
        bool isFree = _order.Arrive(sequence, call);
        return (isFree, Charge());
    }

    public void Withdraw(SimServed call)
    {
        _ = _order.GiveUp(call.Header.Sequence, call);
        _ = Charge();
    }

    /// <summary>The caller is gone.</summary>
    public void Close()
    {
        _isClosed = true;
        _charge.Clear();
    }

    /// <summary>Takes the next call that may start, unless it has no thread. Those that were given up are passed over.</summary>
    public SimServed? Next()
    {
        while (_startable.TryPeek(out SimServed? call))
        {
            if (!call.IsGivenUp && !call.TryTakeThread())
            {
                return null;
            }

            _ = _startable.Dequeue();
            if (!call.IsGivenUp)
            {
                return call;
            }
        }

        return null;
    }

    private bool Charge() => _isClosed || _charge.TrySet(_order.Parked);
}
