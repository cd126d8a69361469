using System.Diagnostics;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>A line to a shell that takes so many bytes per second, and after a number of them no more.</summary>
internal sealed class SlowLine : Stream
{
    private const int PieceSize = 4096;

    private readonly CancellationTokenSource _closed = new();
    private readonly int _rate;
    private readonly long _stallsAfter;
    private readonly System.Diagnostics.Process _shell = System.Diagnostics.Process.Start(new ProcessStartInfo("sh")
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private long _taken; // belongs to who writes

    public SlowLine(int rate, long stallsAfter = long.MaxValue) => (_rate, _stallsAfter) = (rate, stallsAfter);

    /// <summary>The time that it let its writer wait, in all.</summary>
    public TimeSpan Waited { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _shell.StandardOutput.BaseStream.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => _shell.StandardOutput.BaseStream.Read(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (; !buffer.IsEmpty; buffer = buffer[Math.Min(PieceSize, buffer.Length)..])
        {
            ReadOnlySpan<byte> piece = buffer[..Math.Min(PieceSize, buffer.Length)];
            TimeSpan time = _taken < _stallsAfter ? TimeSpan.FromSeconds((double)piece.Length / _rate) : Timeout.InfiniteTimeSpan;
            Waited += time;
            if (_closed.Token.WaitHandle.WaitOne(time))
            {
                throw new IOException("The line was closed.");
            }

            _shell.StandardInput.BaseStream.Write(piece);
            _shell.StandardInput.BaseStream.Flush();
            _taken += piece.Length;
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            _shell.StandardInput.Dispose(); // as where a line is cut: what runs there ends by itself
            _shell.WaitForExit();
            _shell.StandardOutput.Dispose();
            _shell.Dispose();
        }

        base.Dispose(disposing);
    }
}
