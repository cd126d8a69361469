using Mitogen;

namespace Benchmarks.Native;

[Remote]
public interface IEcho
{
    Task<int> EchoAsync(int value);
}

[RemoteService]
internal sealed class Echo : IEcho
{
    public Task<int> EchoAsync(int value) => Task.FromResult(value);
}
