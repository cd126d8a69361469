using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>One sshd on a loopback port.</summary>
internal sealed class SshdProcess : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly StringBuilder _log = new(); // under its own lock
    private readonly TaskCompletionSource<bool> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private SshdProcess(int port, string[] arguments)
    {
        Port = port;
        _process = HostCommand.Start(["sshd", "-D", "-e", "-o", $"ListenAddress={IPAddress.Loopback}:{port}", .. arguments]);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }

            if (line.Data?.StartsWith("Server listening on", StringComparison.Ordinal) != false)
            {
                _ = _listening.TrySetResult(line.Data is not null);
            }
        };
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>What it logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts one that listens.</summary>
    public static async Task<SshdProcess> StartAsync(params string[] arguments)
    {
        _ = Directory.CreateDirectory("/run/sshd"); // sshd's own place, which its service makes when the machine starts
        for (int attempt = 1; ; attempt++)
        {
            SshdProcess server = new(FreePort(), arguments);
            if (await server._listening.Task.InTimeAsync())
            {
                return server;
            }

            await server.DisposeAsync(); // as a rule because something else took the port meanwhile
            Assert.True(attempt < Attempts, $"sshd did not start:\n{server.Log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        _process.StandardOutput.Close();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().InTimeAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
