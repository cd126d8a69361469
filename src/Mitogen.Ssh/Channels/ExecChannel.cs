using System.Net.Sockets;
using Mitogen.Multiplexing;
using Mitogen.Processes;
using Renci.SshNet;

namespace Mitogen.Ssh.Channels;

/// <summary>A link over the standard streams of a command that an ssh server runs. Each has a connection to the server of its own.</summary>
internal sealed class ExecChannel : ICarrier, ILinkTransport
{
    private readonly IDisposable _client;
    private readonly Socket _socket;
    private readonly Stream? _input;
    private readonly BoundedPipe _output;
    private readonly ErrorLines _errors;
    private readonly Task _run;
    private readonly Task<ChildExit> _exited;
    private readonly Lock _gate = new();
    private Task? _ending;         // under _gate
    private Task? _closingInput;   // under _gate
    private bool _isInputClosed;   // under _gate
    private bool _isWriting;       // under _gate
    private volatile bool _isAborted;

    /// <param name="client">Disposed at the end; owns the others.</param>
    /// <param name="socket">The client's, to end it by.</param>
    /// <param name="command">The command, running or ended.</param>
    /// <param name="run">Its execution.</param>
    /// <param name="input">Its standard input; null if it has ended.</param>
    /// <param name="output">The pipe that it writes to.</param>
    /// <param name="errors">The lines of its standard error.</param>
    public ExecChannel(
        IDisposable client, Socket socket, SshCommand command, Task run, Stream? input, BoundedPipe output, ErrorLines errors)
    {
        _client = client;
        _socket = socket;
        _input = input;
        _output = output;
        _errors = errors;
        _run = run;
        _exited = WaitForExitAsync(command, run);
    }

    public ILinkTransport Transport => this;

    /// <summary>When the connection is lost, how the command ended remains unknown.</summary>
    public Task<ChildExit>? Exited => _run.IsFaulted ? null : _exited;

    public Task StderrDrained => _errors.Drained;

    public IReadOnlyList<string> LastStderrLines => _errors.Last;

    public int Read(Span<byte> buffer)
    {
        int count = _output.Read(buffer);
        return count == 0 && !_isAborted && _run.Exception?.InnerException is { } error ? throw new IOException(error.Message, error) : count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
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

    /// <summary>Nothing tells whether the client would block.</summary>
    public int TryWrite(ReadOnlySpan<byte> bytes) => 0;

    public void CloseWriting()
    {
        lock (_gate)
        {
            _isInputClosed = true;

            // On the pool: it waits for whoever writes, and who calls this may be about to abort that one.
            _closingInput ??= Task.Run(CloseInput);
        }
    }

    /// <summary>The connection stays for the command's end to be seen, unless somebody is to be freed who waits for the other side.</summary>
    public void Abort()
    {
        _isAborted = true;
        _output.Abort();
        lock (_gate)
        {
            _isInputClosed = true;
            if (_isWriting)
            {
                _socket.Dispose();
            }
        }
    }

    public void Dispose() => Abort();

    public ValueTask EndAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            return new(_ending ??= EndCoreAsync(grace));
        }
    }

    private async Task EndCoreAsync(TimeSpan grace)
    {
        if (grace > TimeSpan.Zero)
        {
            CloseWriting();
            await _run.WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Abort();
        _socket.Dispose();
        await Task.Run(_client.Dispose).ConfigureAwait(false); // which waits for the thread that receives
        await (_closingInput ?? Task.CompletedTask).ConfigureAwait(false);
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
            if (_input is null || _isInputClosed)
            {
                throw new IOException("The input of the command is closed.");
            }

            _isWriting = true;
        }
    }

    private void CloseInput()
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

    private static async Task<ChildExit> WaitForExitAsync(SshCommand command, Task run)
    {
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return command.ExitSignal is { } name ? new ChildExit(null, SignalNames.NumberOf(name)) : new ChildExit(command.ExitStatus, null);
    }
}
