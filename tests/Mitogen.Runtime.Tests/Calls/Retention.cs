using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>How a call of a test ends.</summary>
public enum CallOutcome
{
    Answered,
    Failed,
    Cancelled,
}

/// <summary>A method of each shape, for tests of what calls keep alive.</summary>
[Remote]
public interface IRetention
{
    Task<int> RunAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken);

    Task<int> ReportAsync(IGuest guest, CallOutcome outcome, IProgress<int> progress, CancellationToken cancellationToken);

    int Block(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken);

    [OneWay]
    Task TellAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken);

    IGuest Promise(IGuest guest, CallOutcome outcome);

    IAsyncEnumerable<int> Items(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken);

    Task<Stream> BytesAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken);
}

/// <summary>An object that is passed.</summary>
[Remote]
public interface IGuest : IAsyncDisposable
{
    Task PingAsync();

    void Ping();
}

internal sealed class Guest : IGuest
{
    public Task PingAsync() => Task.CompletedTask;

    public void Ping()
    {
    }

    public ValueTask DisposeAsync() => default;
}

/// <summary>Remembers, without keeping it, all that a call hands to its methods and gets of them.</summary>
internal sealed class Retention : IRetention
{
    private int _ended;

    /// <summary>The objects of the methods that were called.</summary>
    public ConcurrentQueue<(string What, WeakReference Object)> Seen { get; } = new();

    /// <summary>How many methods have ended.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public Task<int> RunAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken) => PingAndWorkAsync(guest, outcome, cancellationToken);

    public async Task<int> ReportAsync(IGuest guest, CallOutcome outcome, IProgress<int> progress, CancellationToken cancellationToken)
    {
        progress.Report(1);
        return await PingAndWorkAsync(guest, outcome, cancellationToken);
    }

    public int Block(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken)
    {
        guest.Ping();
        return WorkAsync(guest, outcome, cancellationToken).GetAwaiter().GetResult();
    }

    public Task TellAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken) => PingAndWorkAsync(guest, outcome, cancellationToken);

    public IGuest Promise(IGuest guest, CallOutcome outcome)
    {
        guest.Ping();
        _ = WorkAsync(guest, outcome, CancellationToken.None).GetAwaiter().GetResult();
        Guest promised = new();
        Seen.Enqueue(("promised", new WeakReference(promised)));
        return promised;
    }

    public async IAsyncEnumerable<int> Items(IGuest guest, CallOutcome outcome, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        yield return await PingAndWorkAsync(guest, outcome, cancellationToken);
    }

    public async Task<Stream> BytesAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken)
    {
        _ = await PingAndWorkAsync(guest, outcome, cancellationToken);
        MemoryStream stream = new([1, 2, 3]);
        Seen.Enqueue(("stream", new WeakReference(stream)));
        return stream;
    }

    private async Task<int> PingAndWorkAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken)
    {
        await guest.PingAsync();
        return await WorkAsync(guest, outcome, cancellationToken);
    }

    private async Task<int> WorkAsync(IGuest guest, CallOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            object state = new();
            Seen.Enqueue(("guest's proxy", new WeakReference(guest)));
            Seen.Enqueue(("state of a registration", new WeakReference(state)));
            _ = cancellationToken.Register(_ => { }, state);
            if (outcome == CallOutcome.Failed)
            {
                InvalidDataException error = new("meant to fail");
                Seen.Enqueue(("exception", new WeakReference(error)));
                throw error;
            }

            if (outcome == CallOutcome.Cancelled)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return 2;
        }
        finally
        {
            _ = Interlocked.Increment(ref _ended);
        }
    }
}
