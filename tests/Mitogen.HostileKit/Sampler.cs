namespace Mitogen.HostileKit;

/// <summary>The most memory and threads that this process had, looked at from a thread of its own.</summary>
internal sealed class Sampler : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;

    public Sampler()
    {
        Resident = Threads = 0;
        _thread = new Thread(Run) { IsBackground = true, Name = "sampler", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public long Resident { get; private set; }

    public int Threads { get; private set; }

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        _over.Dispose();
    }

    private void Run()
    {
        do
        {
            Vitals now = Vitals.Read(collect: false);
            Resident = Math.Max(Resident, now.Resident);
            Threads = Math.Max(Threads, now.Threads);
        }
        while (!_over.Wait(s_interval));
    }
}
