using System.Net.Sockets;
using Mitogen.Multiplexing;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>A link over streams.</summary>
internal sealed class StreamCarrier : ICarrier, ILinkTransport
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly TaskCompletionSource _inputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAborted;

    /// <summary>Takes both over; they may be one and the same.</summary>
    /// <param name="input">The stream that the context writes to.</param>
    /// <param name="output">The stream that it reads from.</param>
    public StreamCarrier(Stream input, Stream output)
    {
        _input = input;
        _output = output;
    }

    public ILinkTransport Transport => this;

    /// <summary>There is no process on this side.</summary>
    public Task<ChildExit>? Exited => null;

    public Task StderrDrained => Task.CompletedTask;

    public IReadOnlyList<string> LastStderrLines => [];

    public int Read(Span<byte> buffer)
    {
        int count = 0;
        try
        {
            count = _isAborted ? 0 : _input.Read(buffer);
            return count;
        }
        catch (Exception) when (_isAborted)
        {
            // However the stream says that it was disposed under a reader.
            return 0;
        }
        catch (Exception e) when (e is ObjectDisposedException or NotSupportedException or SocketException)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            if (count == 0)
            {
                _ = _inputEnded.TrySetResult();
            }
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _output.Write(bytes);
            _output.Flush();
        }
        catch (Exception e) when (e is ObjectDisposedException or NotSupportedException or SocketException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Nothing tells whether a stream would block.</summary>
    public int TryWrite(ReadOnlySpan<byte> bytes) => 0;

    public void CloseWriting()
    {
        if (_output is NetworkStream network)
        {
            try
            {
                network.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The other side closed it first.
            }
        }
        else if (_output != _input)
        {
            _output.Dispose();
        }
    }

    public void Abort()
    {
        _isAborted = true;
        _input.Dispose();
        _output.Dispose();
    }

    public void Dispose() => Abort();

    public async ValueTask EndAsync(TimeSpan grace)
    {
        CloseWriting();
        await _inputEnded.Task.WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abort();
    }
}
