using System.Collections.Concurrent;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Makes objects, for tests of how they are let go of.</summary>
[Remote]
public interface IKeptMaker
{
    Task<IKept> MakeAsync();

    /// <summary>A promise that is kept when the keeper is opened.</summary>
    IKept Promise();
}

[Remote]
public interface IKept : IAsyncDisposable
{
    /// <summary>Does not return its task before the keeper is opened: all that comes after it on this object waits.</summary>
    Task HoldAsync();

    Task PingAsync();
}

internal sealed class KeptMaker : IKeptMaker, IDisposable
{
    private int _live;

    public ManualResetEventSlim Opened { get; } = new();

    /// <summary>Objects that were made and not disposed.</summary>
    public int Live => Volatile.Read(ref _live);

    /// <summary>How many calls of <see cref="IKept.HoldAsync"/> have begun.</summary>
    public int Held => _held;

    /// <summary>The objects, for as long as somebody else keeps them.</summary>
    public ConcurrentQueue<WeakReference> Made { get; } = new();

    private int _held;

    public Task<IKept> MakeAsync() => Task.FromResult<IKept>(Make());

    public IKept Promise()
    {
        Assert.True(Opened.Wait(Eventually.Patience));
        return Make();
    }

    public void Dispose() => Opened.Dispose();

    private Kept Make()
    {
        Kept made = new(this);
        _ = Interlocked.Increment(ref _live);
        Made.Enqueue(new WeakReference(made));
        return made;
    }

    private sealed class Kept(KeptMaker keeper) : IKept
    {
        public Task HoldAsync()
        {
            _ = Interlocked.Increment(ref keeper._held);
            return keeper.Opened.Wait(Eventually.Patience) ? Task.CompletedTask : throw new TimeoutException();
        }

        public Task PingAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            _ = Interlocked.Decrement(ref keeper._live);
            return default;
        }
    }
}
