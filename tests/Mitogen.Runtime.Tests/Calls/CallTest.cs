using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>The base of tests of calls: a root, perhaps a child, and patience with a busy machine.</summary>
public abstract class CallTest : IAsyncDisposable
{
    private readonly List<InProcessRoot> _roots = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static TimeSpan Patience => Eventually.Patience;

    public async ValueTask DisposeAsync()
    {
        foreach (InProcessRoot root in _roots)
        {
            await root.DisposeAsync().AsTask().InTimeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected InProcessRoot NewRoot(MitogenOptions? options = null)
    {
        InProcessRoot root = InProcessRoot.Create(options);
        _roots.Add(root);
        return root;
    }

    /// <summary>A proxy for a service in a child, or in the root itself.</summary>
    protected async Task<T> ServeAsync<T>(T service, bool inRoot = false, MitogenOptions? options = null)
        where T : class =>
        (await ContextOfAsync(service, inRoot, options)).Get<T>();

    /// <summary>The context that serves: a child, or the root itself.</summary>
    protected async Task<IRemoteContext> ContextOfAsync<T>(T service, bool inRoot = false, MitogenOptions? options = null)
        where T : class
    {
        InProcessRoot root = NewRoot(options);
        if (inRoot)
        {
            return root.Add(service);
        }

        root.OnConnect<LocalConnection>(_ => new FakeContext().Add(service));
        return await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
    }

    protected static Task UntilAsync(Func<bool> condition) => Eventually.UntilAsync(() => condition());

    /// <summary>Starts a call that blocks its thread, and waits until it does.</summary>
    protected static async Task<Task<T>> BlockAsync<T>(Func<T> call)
    {
        Thread? thread = null;
        Task<T> blocked = Task.Factory.StartNew(
            () =>
            {
                Volatile.Write(ref thread, Thread.CurrentThread);
                return call();
            },
            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await UntilAsync(() => blocked.IsCompleted || Volatile.Read(ref thread)?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true);
        return blocked;
    }

    protected static byte[] Bytes(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
