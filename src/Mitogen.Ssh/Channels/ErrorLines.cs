using Mitogen.Processes;

namespace Mitogen.Ssh.Channels;

/// <summary>Takes a command's standard error and hands it out as lines, on the thread that receives.</summary>
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

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The client disposes it when the command has ended.</summary>
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
