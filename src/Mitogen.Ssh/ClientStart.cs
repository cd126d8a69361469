using System.Text;
using Mitogen.Connections;
using Mitogen.Ssh.Channels;
using Mitogen.Ssh.KnownHosts;
using Mitogen.Ssh.Login;
using Mitogen.Ssh.Tunnels;

namespace Mitogen.Ssh;

/// <summary>Connects, logs in and starts a command, on a thread of its own because the client blocks.</summary>
#pragma warning disable CA1001 // its source has no timer, and so nothing to dispose
internal sealed class ClientStart(SshNetConnection connection, string command, Stream errors)
#pragma warning restore CA1001
{
    // A few packets: enough to keep the network busy while the reader handles what it took.
    private const int OutputSize = 256 * 1024;

    private readonly CancellationTokenSource _givenUp = new();

    /// <exception cref="StartRefusedException">It failed.</exception>
    public async Task<Carrier> RunAsync(CancellationToken cancellationToken)
    {
        Task<Carrier> started = OnOwnThreadAsync(Start);
        try
        {
            return await started.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client's wait cannot be interrupted on the network's own way, but nothing more is waited for; what the client has
            // come to by then is of no use any more.
            await _givenUp.CancelAsync().ConfigureAwait(false);
            _ = EndAsync(started);
            throw;
        }
    }

    private static Task<Carrier> OnOwnThreadAsync(Func<Carrier> start)
    {
        TaskCompletionSource<Carrier> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
#pragma warning disable CA1031 // whoever waits for it is told
            try
            {
                result.SetResult(start());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
#pragma warning restore CA1031
        })
        { IsBackground = true, Name = "mitogen-ssh" }.UnsafeStart();
        return result.Task;
    }

    private static async Task EndAsync(Task<Carrier> started)
    {
        await ((Task)started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (started.IsCompletedSuccessfully)
        {
            await (await started.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private ExecChannel Start()
    {
        LoginMethods login = new(connection);
        Tunnel? tunnel = null;
        Client? client = null;
        HostKeyGuard guard = new(connection, line => errors.Write(Encoding.UTF8.GetBytes(line + "\n")));
        try
        {
            tunnel = connection.Via is null ? null : Tunnel.Open(connection, _givenUp.Token);
            client = new Client(connection, login, guard, tunnel, errors, _givenUp.Token);
            return client.Start(command, OutputSize);
        }
        catch (Exception e)
        {
            client?.Dispose();
            tunnel?.Dispose();
            login.Dispose();
            throw e is StartRefusedException ? e
                : new StartRefusedException(guard.Refusal ?? new ClientFailure(connection, login.User).Explain(e, login, client is { IsIdentified: true }));
        }
    }
}
