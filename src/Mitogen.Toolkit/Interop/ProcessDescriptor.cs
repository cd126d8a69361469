using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Interop;

/// <summary>
/// A pipe's end or a terminal's own side that blocks no thread. For one reader and one writer at a time. Whoever made the descriptor shares its open
/// file with nobody, so that it may be made one that does not block.
/// </summary>
internal sealed class ProcessDescriptor : IDisposable
{
    private readonly ProcessHandle _descriptor;
    private readonly CancellationTokenSource _closed = new();

    public ProcessDescriptor(ProcessHandle descriptor)
    {
        _descriptor = descriptor;
        if (ProcessLibc.Control(descriptor.Number, ProcessLibc.SetStatusFlags, ProcessLibc.NonBlocking) < 0)
        {
            throw ProcessLibc.Error("fcntl");
        }
    }

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
            nint count;
            while ((count = ProcessLibc.Read(lease.Number, start, buffer.Length)) < 0 && IsInterrupted)
            {
            }

            return count < 0 && Marshal.GetLastPInvokeError() == ProcessLibc.InputOutputError
                ? 0 // the terminal's last program has gone
                : Done(count, "The output of a process");
        }
    }

    /// <summary>Completes when there is something to read, or the stream was closed.</summary>
    public Task ReadableAsync(CancellationToken cancellationToken) => ReadyAsync(ProcessLibc.PollIn, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
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

    public void Dispose()
    {
        _closed.Cancel(); // wakes a wait, which lets go of the descriptor
        _descriptor.Dispose();
    }

    private unsafe int TryWrite(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        using Lease lease = new(_descriptor);
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = ProcessLibc.Write(lease.Number, start, buffer.Length)) < 0 && IsInterrupted)
            {
            }

            return Done(count, "The process takes no more input");
        }
    }

    /// <summary>Whether the last call is to be made again.</summary>
    private static bool IsInterrupted => Marshal.GetLastPInvokeError() == ProcessLibc.Interrupted;

    /// <returns>The bytes that went; -1 if none can now.</returns>
    private static int Done(nint count, string failure) =>
        count >= 0 ? (int)count : Marshal.GetLastPInvokeError() == ProcessLibc.TryAgain ? -1 : throw ProcessLibc.Error(failure);

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
