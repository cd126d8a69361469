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
    public SourceContent(string path, in RawStat offered, SinkAnswer answer, bool isTop, FileFailures failures)
    {
        _failures = failures;
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
            HashZeros(_hash, extent.Length);
            _position = extent.End;
        }

        return isThere;
    }

    /// <summary>Reads of the present stretch.</summary>
    public int Read(Span<byte> target)
    {
        int wanted = (int)Math.Min(target.Length, Left);
        int count = ReadAt(target[..wanted], _position);
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

    /// <summary>Adds the zeros of a hole.</summary>
    public static void HashZeros(XxHash128 hash, long count)
    {
        byte[] zeros = new byte[(int)Math.Min(count, 256 * 1024)];
        for (; count > 0; count -= zeros.Length)
        {
            hash.Append(zeros.AsSpan(0, (int)Math.Min(count, zeros.Length)));
        }
    }

    private bool IsPrefix(long length, byte[] known)
    {
        byte[] buffer = new byte[256 * 1024];
        for (long offset = 0; offset < length;)
        {
            int count = ReadAt(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset)), offset);
            if (count == 0)
            {
                return false;
            }

            _hash.Append(buffer.AsSpan(0, count));
            offset += count;
        }

        Span<byte> own = stackalloc byte[16];
        WriteHash(own);
        return own.SequenceEqual(known);
    }

    private int ReadAt(Span<byte> target, long offset)
    {
        try
        {
            return RandomAccess.Read(_file, target, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw _failures.Wrap(e, Action, _path);
        }
    }
}
