using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Files;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Transfers;

/// <summary>A file whose content is sent now: its stretches, read in their order and hashed. For one thread at a time.</summary>
internal sealed class SourceContent : IDisposable
{
    private const string Action = "send";

    private readonly FileFailures _failures;
    private readonly string _path;
    private readonly RawStat _offered;
    private readonly SafeFileHandle _file;
    private readonly CancellationToken _closed;
    private readonly XxHash128 _hash = new();
    private readonly IEnumerator<FileExtent> _extents;
    private long _position;
    private FileExtent _extent;

    /// <summary>Opens it and finds out from where it is sent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offered">Its state when it was offered.</param>
    /// <param name="answer">What the sink has of it.</param>
    /// <param name="isTop">Whether it is the top of the tree, which may be named by a link.</param>
    /// <param name="failures">Makes the errors.</param>
    /// <param name="closed">Nobody wants it any more.</param>
    public SourceContent(string path, in RawStat offered, SinkAnswer answer, bool isTop, FileFailures failures, CancellationToken closed)
    {
        _failures = failures;
        _closed = closed;
        _path = path;
        _offered = offered;
        int number = FileLibc.Open(
            FileLibc.Here,
            PathBytes.ToTerminated(path),
            FileLibc.ReadOnly | FileLibc.CloseOnExec | FileLibc.NonBlocking | (isTop ? 0 : FileLibc.NoFollow),
            0);
        if (number < 0)
        {
            throw failures.Last(Action, path);
        }

        _file = new SafeFileHandle(number, ownsHandle: true);
        try
        {
            // Another file would be one that nobody has looked at, and perhaps one that only the name leads to now.
            if (!FolderHandle.TryStat(_file, out RawStat present) || !present.IsSameAs(offered))
            {
                throw failures.Problem(Action, path, "another file took its name meanwhile. The next transfer sends that.");
            }

            bool isOther = answer.Hash is { } known && !IsPrefix(answer.Offset, known);
            if (isOther)
            {
                _hash.Reset();
            }
            else
            {
                _position = answer.Offset;
            }

            Start = _position;
            Differs = isOther && answer.Kind == SinkAnswerKind.Check;
            _extents = FileExtent.Of(_file, _position, Differs ? 0 : offered.Size).GetEnumerator();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The byte from which it is sent.</summary>
    public long Start { get; }

    /// <summary>Whether it is not what the sink has, and is not sent because the sink only wants to hear that.</summary>
    public bool Differs { get; }

    /// <summary>How much of the present stretch is left; before the first one nothing is.</summary>
    public long Left => _extent.IsHole ? 0 : Math.Max(0, _extent.End - _position);

    /// <summary>The next stretch; a hole is passed by it.</summary>
    public bool TryNext(out FileExtent extent)
    {
        bool isThere = _extents.MoveNext();
        extent = _extent = isThere ? _extents.Current : default;
        if (extent.IsHole)
        {
            _hash.AppendZeros(extent.Length, _closed);
            _position = extent.End;
        }

        return isThere;
    }

    /// <summary>Reads of the present stretch.</summary>
    public int Read(Span<byte> target)
    {
        int wanted = (int)Math.Min(target.Length, Left);
        int count = ReadPresent(target[..wanted]);
        if (count == 0)
        {
            throw _failures.Problem(Action, _path, "it was truncated meanwhile. The next transfer sends what it is by then.");
        }

        _hash.Append(target[..count]);
        _position += count;
        return count;
    }

    /// <summary>Whether it is another content by now than when it was offered.</summary>
    public bool HasChanged() =>
        !FolderHandle.TryStat(_file, out RawStat now) || now.Size != _offered.Size || now.Modified != _offered.Modified;

    public void WriteHash(Span<byte> target) => _ = _hash.GetCurrentHash(target);

    public void Dispose()
    {
        _extents.Dispose();
        _file.Dispose();
    }

    private bool IsPrefix(long length, byte[] known)
    {
        try
        {
            return _hash.TryAppend(_file, length, _closed) && _hash.GetCurrentHash().AsSpan().SequenceEqual(known);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw _failures.Wrap(e, Action, _path);
        }
    }

    private int ReadPresent(Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(_file, target, _position);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw _failures.Wrap(e, Action, _path);
        }
    }

    private static bool IsUnreadable(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;
}
