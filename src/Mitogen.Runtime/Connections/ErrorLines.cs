using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Takes what comes on standard error of a way that is no process, and hands it out as lines, on the thread that writes.</summary>
internal sealed class ErrorLines : Stream
{
    private readonly Lock _gate = new(); // guards the splitter
    private readonly LineSplitter _splitter;
    private readonly LastLines _last = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="onLine">Called with each line, one at a time.</param>
    public ErrorLines(Action<string> onLine) => _splitter = new LineSplitter(line =>
    {
        _last.Add(line);
        onLine(line);
    });

    /// <summary>Completes when no more lines come.</summary>
    public Task Drained => _drained.Task;

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Last => _last.Kept;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            if (!_drained.Task.IsCompleted)
            {
                _splitter.Feed(buffer);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Who writes disposes it when no more comes, and the runtime when nothing more is wanted.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (!_drained.Task.IsCompleted)
            {
                _splitter.Finish();
                _drained.SetResult();
            }
        }

        base.Dispose(disposing);
    }
}
