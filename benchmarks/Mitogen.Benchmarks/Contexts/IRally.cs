using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>Calls that come back.</summary>
[Remote]
public interface IRally
{
    Task<int> PingAsync(int depth, IRally back);

    int Ping(int depth, IRally back);
}

[RemoteService]
internal sealed class Rally : IRally
{
    public async Task<int> PingAsync(int depth, IRally back) => depth == 0 ? 0 : 1 + await back.PingAsync(depth - 1, this);

    public int Ping(int depth, IRally back) => depth == 0 ? 0 : 1 + back.Ping(depth - 1, this);
}
