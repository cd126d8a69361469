using System.Diagnostics;

namespace Benchmarks.Network;

/// <summary>A client of ssh that forwards a port, and ends with its user.</summary>
internal sealed class SshTunnel(string route, string[] arguments) : IAsyncDisposable
{
    private readonly Process _process = Process.Start("ssh", ["-N", "-L", route, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
