using System.Net.Sockets;
using Mitogen.Connections;
using Renci.SshNet;

namespace Mitogen.Ssh.Channels;

/// <summary>A link over the standard streams of a command that an ssh server runs. Each has a connection to the server of its own.</summary>
internal sealed class ExecChannel : Carrier
{
    private readonly IDisposable _client;
    private readonly Socket _socket;
    private readonly Stream? _input;
    private readonly BoundedPipe _output;
    private readonly Task _run;
    private readonly Task<int> _exited;
    private readonly Lock _gate = new();
    private bool _isWriting;       // under _gate
    private volatile bool _isAborted;

    /// <param name="client">Disposed at the end; owns the others.</param>
    /// <param name="socket">The client's, to end it by.</param>
    /// <param name="command">The command, running or ended.</param>
    /// <param name="run">Its execution.</param>
    /// <param name="input">Its standard input; null if it has ended.</param>
    /// <param name="output">The pipe that it writes to.</param>
    public ExecChannel(
        IDisposable client, Socket socket, SshCommand command, Task run, Stream? input, BoundedPipe output)
    {
        _client = client;
        _socket = socket;
        _input = input;
        _output = output;
        _run = run;
        _exited = WaitForExitAsync(command, run);
    }

    /// <summary>When the connection is lost, how the command ended remains unknown.</summary>
    public override Task<int> ExitStatus => _exited;

    public override int Read(Span<byte> buffer)
    {
        int count = _output.Read(buffer);
        return count == 0 && !_isAborted && _run.Exception?.InnerException is { } error ? throw new IOException(error.Message, error) : count;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        BeginWrite();
        try
        {
            _input!.Write(bytes);
        }
        catch (Exception e) when (e is not IOException)
        {
            // However the client says that the connection broke or was ended meanwhile.
            throw new IOException(e.Message, e);
        }
        finally
        {
            lock (_gate)
            {
                _isWriting = false;
            }
        }

        if (_run.IsCompleted)
        {
            throw new IOException("The command has ended."); // the client drops what it is given then
        }
    }

    public override void CloseWriting()
    {
        try
        {
            _input?.Dispose();
        }
#pragma warning disable CA1031 // the other side closed it first, in whatever way
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>The connection stays for the command's end to be seen, unless somebody is to be freed who waits for the other side.</summary>
    public override void Abort()
    {
        _isAborted = true;
        _output.Abort();
        lock (_gate)
        {
            if (_isWriting)
            {
                _socket.Dispose();
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Abort();
        _socket.Dispose();
        await Task.Run(_client.Dispose).ConfigureAwait(false); // which waits for the thread that receives
        if (_run.IsCompleted)
        {
            // Its status is told a moment later, and whoever asks for it asks now.
            await ((Task)_exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void BeginWrite()
    {
        lock (_gate)
        {
            if (_input is null || _isAborted)
            {
                throw new IOException("The input of the command is closed.");
            }

            _isWriting = true;
        }
    }

    private static async Task<int> WaitForExitAsync(SshCommand command, Task run)
    {
        await run.ConfigureAwait(false);
        return (command.ExitSignal is { } name ? 128 + SignalNames.NumberOf(name) : command.ExitStatus)
            ?? throw new InvalidOperationException("The server did not tell how the command ended.");
    }
}
