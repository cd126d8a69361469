using System.Diagnostics.CodeAnalysis;

namespace Mitogen.Calls;

/// <summary>The bytes of a stream that another context sends. For one reader at a time.</summary>
[SuppressMessage("Usage", "CA1816", Justification = "Closed in other ways than by Dispose.")]
internal sealed class ByteReader : IForgotten
{
    private readonly PartQueue _parts;
    private IncomingPart? _part;
    private ReadOnlyMemory<byte> _bytes;
    private int _closed;

    /// <summary>Makes the call.</summary>
    public ByteReader(ObjectCallTarget target) =>
        _parts = PartQueue.Start(PendingCall.Begin(target, StreamContract.Read), AnswerKind.Bytes, CancellationToken.None);

#pragma warning disable MA0055 // the other context cannot know that nobody reads any more
    ~ByteReader() => _parts?.Hub.Forgotten.Add(this);
#pragma warning restore MA0055

    /// <summary>Reads bytes; blocks while there are none.</summary>
    /// <returns>The bytes read; 0 at the end.</returns>
    public int Read(Span<byte> buffer)
    {
        while (_bytes.IsEmpty && !buffer.IsEmpty)
        {
            if (_closed != 0 || _parts.Take() is not { } part)
            {
                _parts.ThrowIfFailed();
                return 0;
            }

            Begin(part);
        }

        return Copy(buffer);
    }

    /// <returns>The bytes read; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_bytes.IsEmpty && !buffer.IsEmpty)
        {
            // A token given up ends the stream: a read that was begun cannot be taken back.
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static (reader, token) => ((ByteReader)reader!)._parts.Cancel(token), this);
            if (_closed != 0 || await _parts.TakeAsync().ConfigureAwait(false) is not { } part)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _parts.ThrowIfFailed();
                return 0;
            }

            Begin(part);
        }

        return Copy(buffer.Span);
    }

    /// <summary>On a pool thread: the stream was forgotten.</summary>
    public void LetGo() => Close();

    public void Close()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _parts.Close();
        }
    }

    private void Begin(IncomingPart part)
    {
        _part = part;
        _bytes = part.Buffer.WrittenMemory;
    }

    private int Copy(Span<byte> buffer)
    {
        int count = Math.Min(_bytes.Length, buffer.Length);
        _bytes.Span[..count].CopyTo(buffer);
        _bytes = _bytes[count..];
        if (_bytes.IsEmpty)
        {
            _part?.Recycle();
            _part = null;
        }

        return count;
    }
}
