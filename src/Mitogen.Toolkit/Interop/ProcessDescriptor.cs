using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Interop;

/// <summary>
/// A pipe's end or a terminal's own side, as a stream that blocks no thread. For one reader and one writer at a time. Whoever made the descriptor
/// shares its open file with nobody, so that it may be made one that does not block.
/// </summary>
internal sealed class ProcessDescriptorStream : Stream
{
    private readonly ProcessHandle _descriptor;
    private readonly bool _reads;
    private readonly bool _writes;
    private readonly CancellationTokenSource _closed = new();

    public ProcessDescriptorStream(ProcessHandle descriptor, bool reads, bool writes)
    {
        (_descriptor, _reads, _writes) = (descriptor, reads, writes);
        if (ProcessLibc.Control(descriptor.Number, ProcessLibc.SetStatusFlags, ProcessLibc.NonBlocking) < 0)
        {
            throw ProcessLibc.Error("fcntl");
        }
    }

    public override bool CanRead => _reads && !_closed.IsCancellationRequested;

    public override bool CanWrite => _writes && !_closed.IsCancellationRequested;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How many bytes lie there to be read.</summary>
    public unsafe int Waiting
    {
        get
        {
            int count = 0;
            return Control(ProcessLibc.BytesToRead, &count) == 0 ? count : 0;
        }
    }

    /// <summary>The size of a terminal.</summary>
    public unsafe void Resize(int columns, int rows)
    {
        NativeWindowSize size = new() { Columns = (ushort)columns, Rows = (ushort)rows };
        if (Control(ProcessLibc.SetWindowSize, &size) != 0)
        {
            throw ProcessLibc.Error("The size of the terminal");
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            int count = TryRead(buffer.Span);
            if (count >= 0)
            {
                return count;
            }

            await ReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The bytes that are there; 0 at the end; -1 if there are none now.</returns>
    public unsafe int TryRead(Span<byte> buffer)
    {
        if (_closed.IsCancellationRequested)
        {
            return 0;
        }

        using Lease lease = new(_descriptor);
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = ProcessLibc.Read(lease.Number, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case ProcessLibc.Interrupted:
                        continue;
                    case ProcessLibc.TryAgain:
                        return -1;
                    case ProcessLibc.InputOutputError:
                        return 0; // the terminal's last program has gone
                    default:
                        throw ProcessLibc.Error("The output of a process");
                }
            }
        }
    }

    /// <summary>Completes when there is something to read, or the stream was closed.</summary>
    public Task ReadableAsync(CancellationToken cancellationToken) => ReadyAsync(ProcessLibc.PollIn, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int count = TryWrite(buffer.Span);
            if (count < 0)
            {
                await ReadyAsync(ProcessLibc.PollOut, cancellationToken).ConfigureAwait(false);
                continue;
            }

            buffer = buffer[count..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _closed.Cancel(); // wakes a wait, which lets go of the descriptor
            _descriptor.Dispose();
        }

        base.Dispose(disposing);
    }

    private unsafe int TryWrite(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        using Lease lease = new(_descriptor);
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = ProcessLibc.Write(lease.Number, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case ProcessLibc.Interrupted:
                        continue;
                    case ProcessLibc.TryAgain:
                        return -1;
                    default:
                        throw ProcessLibc.Error("The process takes no more input");
                }
            }
        }
    }

    private async Task ReadyAsync(short events, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            await ProcessPolling.ReadyAsync(_descriptor, events, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Closed meanwhile: the next look says so.
        }
        catch (ObjectDisposedException)
        {
            // Closed between the look and the wait: as above.
        }
    }

    private unsafe int Control(nuint request, void* argument)
    {
        if (_closed.IsCancellationRequested)
        {
            return -1;
        }

        using Lease lease = new(_descriptor);
        return ProcessLibc.Control(lease.Number, request, argument);
    }

    private readonly ref struct Lease
    {
        private readonly ProcessHandle _descriptor;

        public Lease(ProcessHandle descriptor)
        {
            bool held = false;
            descriptor.DangerousAddRef(ref held);
            _descriptor = descriptor;
        }

        public int Number => _descriptor.Number;

        public void Dispose() => _descriptor.DangerousRelease();
    }
}
