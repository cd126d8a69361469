using System.IO.Compression;
using Mitogen.Toolkit.Files;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Transfers;

/// <summary>
/// The bytes of a source, made as they are read: nothing gathers where the reader is slow. What a large file holds goes from the file into the reader's
/// memory. One reads, another one answers.
/// </summary>
internal sealed class SourceStream(string path, SourceSettings settings, FileFailures failures) : UnseekableStream
{
    /// <summary>Contents up to this length go through the buffer, with their frames.</summary>
    private const int Small = 16 * 1024;

    private readonly IEnumerator<SourceEntry> _tree = new SourceTree(path, settings, failures).Walk().GetEnumerator();
    private readonly WireWriter _out = new();
    private readonly SemaphoreSlim _answered = new(0, 1);
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Cancelled when nobody reads any more: who reads now is in the middle of a file.
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();

    // Guarded by the lock: the files that wait for an answer, and those whose turn it is.
    private readonly Queue<OfferedFile> _offered = new();
    private readonly Queue<(OfferedFile File, SinkAnswer Answer)> _wanted = new();
    private Exception? _failure;

    // The reader's own.
    private readonly byte[] _packing = settings.Compress ? new byte[WireBounds.Packed] : [];
    private SourceContent? _file;
    private long _number;
    private bool _isWalked;
    private bool _isEnded;
    private long _promised;
    private long _incompressible;

    /// <summary>What it failed with.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_lock)
            {
                return _failure;
            }
        }
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <summary>What can be sent before any answer, up to a length, and whether that is all there is.</summary>
    public (byte[] Head, bool IsAll) ReadHead()
    {
        _turn.Wait();
        try
        {
            Guarded(() =>
            {
                while (_out.Length < WireBounds.Head && !_isEnded && Produce())
                {
                }

                return 0;
            });
            byte[] head = new byte[Math.Min(_out.Length, WireBounds.Head)];
            _ = _out.Read(head);
            return (head, _isEnded && _out.Length == 0);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>The sink's answers.</summary>
    /// <exception cref="InvalidDataException">They are none to what was offered.</exception>
    public void Answer(SinkAnswer[] answers)
    {
        lock (_lock)
        {
            foreach (SinkAnswer answer in answers)
            {
                int count = answer.Hash is null ? answer.Count : 1;
                bool isWrong = count < 0 || count > _offered.Count || !Enum.IsDefined(answer.Kind)
                    || (answer.Kind is SinkAnswerKind.From or SinkAnswerKind.Check) != answer.Hash is { Length: 16 }
                    || (answer.Hash is not null && (answer.Offset < 0 || answer.Offset > _offered.Peek().Stat.Size));
                if (isWrong)
                {
                    _failure ??= WireReader.Broken("an answer is none to what was offered");
                    break;
                }

                for (int i = 0; i < count; i++)
                {
                    OfferedFile file = _offered.Dequeue();
                    if (answer.Kind != SinkAnswerKind.Skip)
                    {
                        _wanted.Enqueue((file, answer.Kind == SinkAnswerKind.Whole ? answer with { Offset = 0 } : answer));
                    }
                }
            }
        }

        Ring();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!buffer.IsEmpty)
            {
                (int count, bool waits) = Guarded(() => ReadNow(buffer.Span));
                if (count > 0 || !waits)
                {
                    return count;
                }

                await _answered.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return 0;
        }
        finally
        {
            EndTurn();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!_over.IsCancellationRequested)
        {
            _over.Cancel();
            Ring();

            // Whoever reads now lets go of everything afterwards.
            if (_turn.Wait(0))
            {
                EndTurn();
            }
        }

        base.Dispose(disposing);
    }

    private void EndTurn()
    {
        bool isOver = _over.IsCancellationRequested;
        if (isOver)
        {
            _file?.Dispose();
            _file = null;
            _tree.Dispose();
            _isEnded = true;
        }

        _ = _turn.Release();

        // Closed after that look: whoever closed it found the turn taken.
        if (!isOver && _over.IsCancellationRequested && _turn.Wait(0))
        {
            EndTurn();
        }
    }

    private void Ring()
    {
        try
        {
            _ = _answered.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has rung already.
        }
    }

    /// <summary>Remembers what it failed with: the sink's own failure may be a translation of it.</summary>
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_over.IsCancellationRequested, this);
            lock (_lock)
            {
                if (_failure is not null)
                {
                    throw new IOException(_failure.Message, _failure);
                }
            }

            return read();
        }
        catch (Exception e) when (!_over.IsCancellationRequested)
        {
            lock (_lock)
            {
                _failure ??= e;
            }

            throw;
        }
    }

    /// <summary>Reads what is there or can be made now.</summary>
    private (int Count, bool Waits) ReadNow(Span<byte> target)
    {
        while (true)
        {
            if (_out.Length > 0)
            {
                return (_out.Read(target), false);
            }

            if (_promised > 0)
            {
                int count = _file!.Read(target[..(int)Math.Min(target.Length, _promised)]);
                _promised -= count;
                return (count, false);
            }

            if (_isEnded)
            {
                return (0, false);
            }

            if (!Produce())
            {
                return (0, true);
            }
        }
    }

    /// <summary>Makes the next frames.</summary>
    /// <returns>Whether there was something to make; otherwise an answer is missing.</returns>
    private bool Produce()
    {
        if (_file is not null)
        {
            ProduceContent();
            return true;
        }

        int waiting;
        int wanted;
        lock (_lock)
        {
            (waiting, wanted) = (_offered.Count + _wanted.Count, _wanted.Count);
        }

        // Offers go ahead of contents, so that there are answers by the time when the contents are sent.
        if (!_isWalked && (waiting < WireBounds.Outstanding / 2 || (wanted == 0 && waiting < WireBounds.Outstanding)))
        {
            ProduceOffers();
            return true;
        }

        if (wanted > 0)
        {
            BeginContent();
            return true;
        }

        if (_isWalked && waiting == 0)
        {
            _out.Frame(WireFrame.End);
            _isEnded = true;
            return true;
        }

        return false;
    }

    private void ProduceOffers()
    {
        while (!_out.AreOffersFull)
        {
            if (!_tree.MoveNext())
            {
                _isWalked = true;
                break;
            }

            Offer(_tree.Current);
        }

        _out.FlushOffers();
        if (_isWalked)
        {
            _out.Frame(WireFrame.OffersEnd);
        }
    }

    private void Offer(in SourceEntry entry)
    {
        if (entry.Kind == WireOffer.Leave)
        {
            _out.OfferLeave();
            return;
        }

        RawStat stat = entry.Stat;
        EntryState state = settings.Owners
            ? new(stat.Permissions, stat.User, stat.Group, stat.Modified)
            : new(stat.Permissions & 0x1ff, 0, 0, stat.Modified);
        _out.Offer(entry.Kind, entry.Name.Span, state);
        if (entry.Kind == WireOffer.Link)
        {
            _out.OfferBytes(entry.Target);
        }
        else if (entry.Kind == WireOffer.File)
        {
            _out.OfferNumber((ulong)stat.Size);
            if (stat.Size > 0)
            {
                lock (_lock)
                {
                    _offered.Enqueue(new OfferedFile(_number, entry.Path, stat, entry.Name.IsEmpty));
                }
            }

            _number++;
        }
    }

    private void BeginContent()
    {
        OfferedFile offered;
        SinkAnswer answer;
        lock (_lock)
        {
            (offered, answer) = _wanted.Dequeue();
        }

        _file = new SourceContent(offered.Path, offered.Stat, answer, offered.IsTop, failures, _over.Token);
        _incompressible = 0;
        _out.Frame(WireFrame.Content);
        _out.Number((ulong)offered.Number);
        _out.Number((ulong)_file.Start);
        ProduceContent();
    }

    /// <summary>The next stretch of the file or its end. A long stretch is promised, and read by the reader itself.</summary>
    private void ProduceContent()
    {
        SourceContent file = _file!;
        while (_out.Length < Small)
        {
            bool isNext = file.Left == 0;
            FileExtent extent = default;
            if (isNext && !file.TryNext(out extent))
            {
                _out.Frame(WireFrame.ContentEnd);
                _out.Number(file.Differs ? 2u : file.HasChanged() ? 1u : 0u);
                file.WriteHash(_out.Take(16));
                file.Dispose();
                _file = null;
                return;
            }

            if (isNext && extent.IsHole)
            {
                _out.Frame(WireFrame.Hole);
                _out.Number((ulong)extent.Length);
            }
            else if (settings.Compress && _incompressible == 0)
            {
                Pack(file);
            }
            else
            {
                long length = settings.Compress ? Math.Min(file.Left, _incompressible) : file.Left;
                _incompressible = Math.Max(0, _incompressible - length);
                _out.Frame(WireFrame.Bytes);
                _out.Number((ulong)length);
                if (length > Small || settings.Compress)
                {
                    _promised = length;
                    return;
                }

                for (int left = (int)length; left > 0;)
                {
                    Span<byte> room = _out.Take(left);
                    int count = file.Read(room);
                    _out.GiveBack(left - count);
                    left -= count;
                }
            }
        }
    }

    private void Pack(SourceContent file)
    {
        int count = file.Read(_packing.AsSpan(0, (int)Math.Min(_packing.Length, file.Left)));
        ReadOnlySpan<byte> bytes = _packing.AsSpan(0, count);
        byte[] packed = System.Buffers.ArrayPool<byte>.Shared.Rent(count);
        bool isSmaller = BrotliEncoder.TryCompress(bytes, packed, out int length, quality: 1, window: 18) && length < count - (count / 16);
        _out.Frame(isSmaller ? WireFrame.PackedBytes : WireFrame.Bytes);
        _out.Number((ulong)count);
        if (isSmaller)
        {
            _out.Number((ulong)length);
        }
        else
        {
            // Pictures and archives stay what they are: another try comes later in the file.
            _incompressible = 8 << 20;
        }

        _out.Write(isSmaller ? packed.AsSpan(0, length) : bytes);
        System.Buffers.ArrayPool<byte>.Shared.Return(packed);
    }

    /// <summary>A file whose content may be wanted.</summary>
    private sealed record OfferedFile(long Number, string Path, RawStat Stat, bool IsTop);
}
