using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>Calls that come back.</summary>
[Remote]
public interface IPingPong
{
    Task<int> PingAsync(int depth, IPingPong back);

    int Ping(int depth, IPingPong back);
}

[RemoteService]
internal sealed class PingPong : IPingPong
{
    public async Task<int> PingAsync(int depth, IPingPong back) => depth == 0 ? 0 : 1 + await back.PingAsync(depth - 1, this);

    public int Ping(int depth, IPingPong back) => depth == 0 ? 0 : 1 + back.Ping(depth - 1, this);
}
