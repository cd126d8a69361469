using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>The file that has a name now, and how far it was read. For one thread at a time.</summary>
internal sealed class FollowedFile(string path, int maxLineBytes, FileFailures failures) : IDisposable
{
    private readonly LineCutter _lines = new(maxLineBytes, path, failures);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private SafeFileHandle? _file;
    private SafeFileHandle? _next;
    private long _position;

    /// <summary>Owns the file that has the name now. The one before is still read, until <see cref="Begin"/>.</summary>
    public void Take(SafeFileHandle file) => _next = file;

    /// <summary>Goes over to the file that was taken.</summary>
    public void Begin(long position)
    {
        _file?.Dispose();
        (_file, _next) = (_next, null);
        _position = position;
        _lines.Clear();
    }

    /// <summary>The next whole line that is there.</summary>
    public bool TryRead([NotNullWhen(true)] out string? line)
    {
        while (!_lines.TryCut(out line))
        {
            int count = Fill();
            if (count == 0)
            {
                return false;
            }

            _lines.Add(_buffer.AsMemory(0, count));
        }

        return true;
    }

    /// <summary>The beginning of a line that will have no end, because its file has ended.</summary>
    public string? Rest() => _lines.Rest();

    /// <summary>Whether another file has the name, or there was none yet.</summary>
    public bool IsReplaced() => _file is null
        || (FolderHandle.TryStat(path, followLinks: true, out RawStat named) && FolderHandle.TryStat(_file, out RawStat own) && !named.IsSameAs(own));

    public void Dispose()
    {
        _file?.Dispose();
        _next?.Dispose();
    }

    private int Fill()
    {
        if (_file is null)
        {
            return 0;
        }

        try
        {
            if (RandomAccess.GetLength(_file) < _position)
            {
                // Truncated: what is there now is new.
                _position = 0;
                _lines.Clear();
            }

            int count = RandomAccess.Read(_file, _buffer, _position);
            _position += count;
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw failures.Wrap(e, "follow", path);
        }
    }
}
