using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Files;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Transfers;

/// <summary>Files and their contents.</summary>
internal sealed partial class SinkRun
{
    /// <summary>A part of less is not worth being kept.</summary>
    private const int LeastKept = 64 * 1024;

    private void TakeFile(SinkEntry entry, long size, CancellationToken cancellationToken)
    {
        long number = _number++;
        _counter.TotalFiles++;
        _counter.TotalBytes += size;
        if (_counter.TotalBytes > _settings.MaxBytes || _counter.TotalBytes < 0)
        {
            throw Bound($"the files have more than {_settings.MaxBytes} bytes together (TransferOptions.MaxBytes).");
        }

        bool isThere = TryLook(entry, out RawStat stat);
        if (isThere && stat.Kind == FileKind.Folder)
        {
            MakeRoom(entry, stat.Kind, "file", cancellationToken);
            isThere = false;
        }

        bool isSameSize = isThere && stat.Kind == FileKind.File && stat.Size == size;
        bool byContent = _settings.Comparison == TransferComparison.Content
            || (_settings is { Comparison: TransferComparison.SizeAndTime, Times: false });
        bool isUnchanged = isSameSize
            && (size == 0 || (_settings.Comparison == TransferComparison.SizeAndTime && !byContent && stat.Modified == entry.State.Modified));
        if (isUnchanged)
        {
            _counter.CountUnchanged(size);
            SetState(entry, stat);
            Skip(size);
            return;
        }

        WantedFile wanted = new(entry, size, isThere ? stat : null);
        if (isSameSize && byContent)
        {
            wanted.IsCompared = true;
            Want(number, wanted, HashOf(OpenFolder(entry.Folder, entry.Path), entry.Name, size, cancellationToken), size);
            return;
        }

        if (_settings.DryRun)
        {
            AddChange(wanted);
            _counter.CountWritten();
            Skip(size);
            return;
        }

        if (size == 0)
        {
            WriteEmpty(wanted);
            return;
        }

        // Of a transfer that broke off. A hash of what is there tells the source whether it goes on from there.
        FolderHandle folder = OpenFolder(entry.Folder, entry.Path);
        byte[] partName = PartFile.NameOf(entry.Name);
        bool hasPart = folder.TryStat(partName, out RawStat part) && part.Kind == FileKind.File && part.User == PartFile.OwnUser
            && part.Links == 1 && part.Size > 0 && part.Size <= size;
        Want(number, wanted, hasPart ? HashOf(folder, partName, part.Size, cancellationToken) : null, hasPart ? part.Size : 0);
    }

    private void Want(long number, WantedFile wanted, XxHash128? hash, long offset)
    {
        if (_wanted.Count > WireBounds.Outstanding + WireBounds.OffersInFrame)
        {
            throw WireReader.Broken("more files were offered than may wait for their contents");
        }

        wanted.Entry.Folder.Missing++;
        wanted.Hash = hash;
        wanted.Offset = hash is null ? 0 : offset;
        _wanted.Add(number, wanted);
        if (hash is null)
        {
            _counter.Answer(SinkAnswerKind.Whole);
        }
        else
        {
            _counter.Answer(_settings.DryRun ? SinkAnswerKind.Check : SinkAnswerKind.From, offset, hash.GetCurrentHash());
        }
    }

    /// <summary>Files without content need no answer.</summary>
    private void Skip(long size)
    {
        if (size > 0)
        {
            _counter.Answer(SinkAnswerKind.Skip);
        }
    }

    private void WriteEmpty(WantedFile wanted)
    {
        using PartFile part = CreatePart(wanted.Entry, keep: false);
        Commit(part, wanted);
    }

    private async Task ReceiveContentAsync(WireReader reader, CancellationToken cancellationToken)
    {
        long number = await reader.ReadNumberAsync(cancellationToken).ConfigureAwait(false);
        long start = await reader.ReadNumberAsync(cancellationToken).ConfigureAwait(false);
        if (!_wanted.Remove(number, out WantedFile? wanted) || (start != 0 && start != wanted.Offset))
        {
            throw WireReader.Broken("a content came that was not wanted");
        }

        string path = wanted.Entry.Path;
        wanted.Hash = start == 0 ? new XxHash128() : wanted.Hash!;
        bool isSame = wanted.IsCompared && start > 0;
        using PartFile? part = isSame || _settings.DryRun ? null : CreatePart(wanted.Entry, keep: true);
        if (part is not null)
        {
            Prepare(part, start, path);
        }

        long end = await ReceiveBytesAsync(reader, part, start, wanted, cancellationToken).ConfigureAwait(false);
        long outcome = await reader.ReadNumberAsync(cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> sent = await reader.ReadBytesAsync(16, cancellationToken).ConfigureAwait(false);
        bool isDifference = outcome == 2 && _settings.DryRun;
        if (!isDifference && (end != wanted.Size || !wanted.Hash.GetCurrentHash().AsSpan().SequenceEqual(sent.Span)))
        {
            throw _failures.Problem(Action, FullPath(path), "it arrived damaged: its hash is another one. The next transfer sends it anew.");
        }

        if (outcome == 1)
        {
            _counter.AddChangedFile(path);
        }

        if (isSame)
        {
            _counter.CountUnchanged(wanted.Size);
            SetState(wanted.Entry, wanted.Present!.Value);
        }
        else if (part is not null)
        {
            _counter.Resumed += start;
            Commit(part, wanted);
        }
        else
        {
            AddChange(wanted);
            _counter.CountWritten();
        }

        Complete(wanted.Entry.Folder);
        _counter.Tell(path);
    }

    /// <summary>Reads contents up to their end, and writes them if they are to be.</summary>
    private async Task<long> ReceiveBytesAsync(
        WireReader reader, PartFile? part, long offset, WantedFile wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await ReceiveFramesAsync(reader, part?.Handle, offset, wanted, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (part is not null && RandomAccess.GetLength(part.Handle) >= LeastKept)
            {
                part.Keep();
            }

            throw;
        }
    }

    private async Task<long> ReceiveFramesAsync(
        WireReader reader, SafeFileHandle? file, long offset, WantedFile wanted, CancellationToken cancellationToken)
    {
        XxHash128 hash = wanted.Hash!;
        while (true)
        {
            WireFrame frame = await reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
            if (frame == WireFrame.ContentEnd)
            {
                return offset;
            }

            long length = frame == WireFrame.PackedBytes
                ? await reader.ReadLengthAsync(WireBounds.Packed, "compressed content", cancellationToken).ConfigureAwait(false)
                : await reader.ReadNumberAsync(cancellationToken).ConfigureAwait(false);
            if (frame is not (WireFrame.Bytes or WireFrame.PackedBytes or WireFrame.Hole) || length > wanted.Size - offset)
            {
                throw WireReader.Broken($"a content of {wanted.Size} bytes goes on with {frame} of {length} bytes");
            }

            switch (frame)
            {
                case WireFrame.Hole:
                    offset += length;
                    hash.AppendZeros(length, cancellationToken);
                    SetLength(file, offset, wanted);
                    _counter.Received += length;
                    break;
                case WireFrame.PackedBytes:
                    Write(file, await reader.ReadPackedAsync((int)length, cancellationToken).ConfigureAwait(false), offset, wanted);
                    offset += length;
                    break;
                default:
                    for (long end = offset + length; offset < end;)
                    {
                        ReadOnlyMemory<byte> bytes = await reader.ReadSomeAsync(end - offset, cancellationToken).ConfigureAwait(false);
                        Write(file, bytes.Span, offset, wanted);
                        offset += bytes.Length;
                    }

                    break;
            }
        }
    }

    private void Write(SafeFileHandle? file, ReadOnlySpan<byte> bytes, long offset, WantedFile wanted)
    {
        wanted.Hash!.Append(bytes);
        _counter.Received += bytes.Length;
        if (file is not null)
        {
            try
            {
                RandomAccess.Write(file, bytes, offset);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw _failures.Wrap(e, Action, FullPath(wanted.Entry.Path));
            }
        }

        _counter.Tell(wanted.Entry.Path);
    }

    private void SetLength(SafeFileHandle? file, long length, WantedFile wanted)
    {
        try
        {
            if (file is not null)
            {
                RandomAccess.SetLength(file, length);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failures.Wrap(e, Action, FullPath(wanted.Entry.Path));
        }
    }

    /// <summary>A part is gone on with as it was when it was hashed, or begun anew.</summary>
    private void Prepare(PartFile part, long start, string path)
    {
        if (start != 0 && part.KeptLength != start)
        {
            throw _failures.Problem(Action, FullPath(path), "another one changed its part meanwhile.");
        }

        if (part.KeptLength != start)
        {
            RandomAccess.SetLength(part.Handle, start);
        }
    }

    private PartFile CreatePart(SinkEntry entry, bool keep)
    {
        try
        {
            return PartFile.TryCreate(OpenFolder(entry.Folder, entry.Path), entry.Name, keep)
                ?? throw _failures.Problem(Action, FullPath(entry.Path), "another transfer or writer has its part now.");
        }
        catch (PartFailedException e)
        {
            throw _failures.Make(e.Error, Action, FullPath(entry.Path));
        }
    }

    private void Commit(PartFile part, WantedFile wanted)
    {
        EntryState state = wanted.Entry.State;

        // What another kind of entry was allowed says nothing of a file: everybody may do everything with a link.
        RawStat? replaced = wanted.Present is { Kind: FileKind.File } file ? file : null;
        (uint User, uint Group)? owner = _settings.Owners ? (state.User, state.Group)

            // What root replaces stays its owner's.
            : replaced is { } old && PartFile.OwnUser == 0 ? (old.User, old.Group)
            : null;
        uint mode = _settings.Permissions ? Permissions(state) : replaced?.Permissions ?? (0x1b6 & ~FileUmask.Current);
        bool isDone = (owner is not { } set || FileLibc.SetOwner(part.Handle, set.User, set.Group) == 0)
            && FileLibc.SetMode(part.Handle, mode) == 0
            && (!_settings.Times || FolderHandle.SetTimes(part.Handle, state.Modified, state.Modified))
            && part.Commit(flush: false, replace: true);
        if (!isDone)
        {
            throw Failure(wanted.Entry.Path);
        }

        AddChange(wanted);
        _counter.CountWritten();
    }

    /// <summary>The state of a file whose content is right, where it differs.</summary>
    private void SetState(SinkEntry entry, in RawStat present)
    {
        EntryState state = entry.State;
        bool hasOwner = !_settings.Owners || (present.User == state.User && present.Group == state.Group);
        bool hasMode = !_settings.Permissions || present.Permissions == Permissions(state);
        bool hasTime = !_settings.Times || present.Modified == state.Modified;
        if (_settings.DryRun || (hasOwner && hasMode && hasTime))
        {
            return;
        }

        // Through the open file: a link that has just taken its place is not followed.
        using SafeFileHandle file = OpenFolder(entry.Folder, entry.Path).OpenFile(entry.Name, FileLibc.ReadOnly | FileLibc.NonBlocking)
            ?? throw Failure(entry.Path);
        if ((!hasOwner && FileLibc.SetOwner(file, state.User, state.Group) != 0)
            || (!hasMode && FileLibc.SetMode(file, Permissions(state)) != 0)
            || (!hasTime && !FolderHandle.SetTimes(file, state.Modified, state.Modified)))
        {
            throw Failure(entry.Path);
        }
    }

    private void AddChange(WantedFile wanted) => _counter.AddChange(
        wanted.Present is not null ? TransferChangeKind.Updated : TransferChangeKind.Created, FileKind.File, wanted.Entry.Path);

    /// <summary>The hash of the first bytes of a file; <see langword="null"/> if it cannot be read.</summary>
    private static XxHash128? HashOf(FolderHandle folder, byte[] name, long length, CancellationToken cancellationToken)
    {
        using SafeFileHandle? file = folder.OpenFile(name, FileLibc.ReadOnly | FileLibc.NonBlocking);
        XxHash128 hash = new();
        try
        {
            return file is not null && hash.TryAppend(file, length, cancellationToken) ? hash : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null; // a bad block of a file that is replaced
        }
    }

    /// <summary>A file whose content is to come.</summary>
    private sealed class WantedFile(SinkEntry entry, long size, RawStat? present)
    {
        public SinkEntry Entry { get; } = entry;

        public long Size { get; } = size;

        /// <summary>What it replaces.</summary>
        public RawStat? Present { get; } = present;

        /// <summary>Whether <see cref="Present"/> may be equal, and was hashed.</summary>
        public bool IsCompared { get; set; }

        /// <summary>What is there has that many bytes, and that hash at first.</summary>
        public long Offset { get; set; }

        public XxHash128? Hash { get; set; }
    }
}
