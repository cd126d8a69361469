using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>A context in a subprocess.</summary>
internal sealed class MitogenSubject : ISubject
{
    private readonly MitogenRoot _root;
    private readonly IRemoteContext _context;
    private readonly IBench _bench;

    private MitogenSubject(MitogenRoot root, IRemoteContext context)
    {
        _root = root;
        _context = context;
        _bench = context.Get<IBench>();
    }

    public int ServerProcessId => _context.Info.ProcessId;

    public bool TakesLoad => true;

    public static async Task<MitogenSubject> StartAsync()
    {
        MitogenRoot root = MitogenRoot.Create();
        return new MitogenSubject(root, await root.ConnectAsync(new LocalConnection()));
    }

    public ValueTask<int> AddAsync(int left, int right) => _bench.AddAsync(left, right);

    public ValueTask<byte[]> EchoAsync(byte[] data) => _bench.EchoAsync(data);

    public ValueTask DisposeAsync() => _root.DisposeAsync();
}
