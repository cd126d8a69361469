using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Contents that are read.</summary>
internal sealed partial class FilesService
{
    private const int MaxWhole = 1024 * 1024 * 1024;

    public Task<byte[]> ReadBytesAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(ReadWhole(path, options, cancellationToken));

    public Task<string> ReadTextAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        using StreamReader reader = new(new MemoryStream(ReadWhole(path, options, cancellationToken)), Encoding.UTF8);
        return Task.FromResult(reader.ReadToEnd());
    }

    public async IAsyncEnumerable<string> ReadLinesAsync(
        string path, FileReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int maxLine = InRange((options ?? new FileReadOptions()).MaxLineBytes, 1, MaxWhole, nameof(FileReadOptions.MaxLineBytes));
        using SafeFileHandle file = OpenForReading(path);
        LineCutter lines = new(maxLine, path, _failures);
        byte[] buffer = new byte[64 * 1024];
        bool isFirst = true;
        for (int count; (count = Read(file, buffer, path)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, count);
            bytes = isFirst && bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
            isFirst = false;
            lines.Add(bytes);
            while (lines.TryCut(out string? line))
            {
                yield return line;
            }
        }

        if (lines.Rest() is { } rest)
        {
            yield return rest;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<Stream> OpenReadAsync(string path, long offset = 0, CancellationToken cancellationToken = default)
    {
        _ = AtLeast(offset, 0, nameof(offset));
        SafeFileHandle file = OpenForReading(path);
        try
        {
            FileStream stream = new(file, FileAccess.Read, bufferSize: 0);
            if (offset > 0)
            {
                if (!stream.CanSeek)
                {
                    throw _failures.Problem("read", path, "it has no offsets; read it from its beginning.");
                }

                stream.Position = offset;
            }

            return Task.FromResult<Stream>(stream);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public async Task<byte[]> HashAsync(string path, CancellationToken cancellationToken = default)
    {
        using SafeFileHandle file = OpenForReading(path);
        using Sha256Hash hash = new();
        byte[] buffer = new byte[128 * 1024];
        for (int count; (count = Read(file, buffer, path)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, count));
        }

        await Task.CompletedTask.ConfigureAwait(false);
        return hash.Finish();
    }

    public Task<IReadOnlyList<string>> TailAsync(string path, int lines = 10, FileReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        _ = AtLeast(lines, 0, nameof(lines));
        int maxBytes = InRange((options ?? new FileReadOptions()).MaxBytes, 1, MaxWhole, nameof(FileReadOptions.MaxBytes));
        using SafeFileHandle file = OpenForReading(path);
        return Task.FromResult<IReadOnlyList<string>>(ReadTail(file, lines, maxBytes, path, cancellationToken).Lines);
    }

    /// <summary>The last lines, the last of which may have no end yet, and the byte after the last whole one.</summary>
    private (List<string> Lines, long WholeEnd) ReadTail(SafeFileHandle file, int lines, int maxBytes, string path, CancellationToken cancellationToken)
    {
        long length = RandomAccess.GetLength(file);
        List<byte> gathered = []; // from the end on, backwards
        byte[] buffer = new byte[64 * 1024];
        int ends = 0;
        long start = length;
        bool isDone = lines == 0;
        while (start > 0 && !isDone)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(buffer.Length, start);
            int count = ReadAt(file, buffer.AsSpan(0, wanted), start - wanted, path);
            if (count < wanted)
            {
                throw _failures.Problem("read the end of", path, "it was truncated meanwhile.");
            }

            for (int i = count - 1; i >= 0; i--)
            {
                // The end of the last line is no line's beginning, unless it is the end of another.
                if (buffer[i] == '\n' && start - wanted + i != length - 1 && ++ends == lines)
                {
                    isDone = true;
                    break;
                }

                gathered.Add(buffer[i]);
            }

            start -= wanted;
            if (gathered.Count > maxBytes)
            {
                throw _failures.Problem("read the end of", path, $"its last {lines} lines have more than {maxBytes} bytes (FileReadOptions.MaxBytes).");
            }
        }

        gathered.Reverse();
        byte[] bytes = [.. gathered];
        LineCutter cutter = new(Math.Max(maxBytes, 1), path, _failures);
        cutter.Add(bytes);
        List<string> result = [];
        while (cutter.TryCut(out string? line))
        {
            result.Add(line);
        }

        int open = bytes.Length - 1 - Array.LastIndexOf(bytes, (byte)'\n');
        if (cutter.Rest() is { } rest)
        {
            result.Add(rest);
        }

        return (result, length - (lines == 0 ? 0 : open));
    }

    private byte[] ReadWhole(string path, FileReadOptions? options, CancellationToken cancellationToken)
    {
        int maxBytes = InRange((options ?? new FileReadOptions()).MaxBytes, 1, MaxWhole, nameof(FileReadOptions.MaxBytes));
        using SafeFileHandle file = OpenForReading(path);

        // Files of the kernel have no size before they are read.
        long size = FolderHandle.TryStat(file, out RawStat stat) ? stat.Size : 0;
        if (size > maxBytes)
        {
            throw TooLarge(path, maxBytes);
        }

        byte[] content = new byte[Math.Max(size, 4096)];
        int length = 0;
        Span<byte> more = stackalloc byte[1];
        for (int count; (count = Read(file, content.AsSpan(length), path)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            length += count;
            if (length > maxBytes)
            {
                throw TooLarge(path, maxBytes);
            }

            if (length == content.Length)
            {
                // Most files end here: a small look for more, before the content is copied.
                if (Read(file, more, path) == 0)
                {
                    break;
                }

                Array.Resize(ref content, (int)Math.Min(content.Length * 2L, maxBytes + 1L));
                content[length++] = more[0];
            }
        }

        return length > maxBytes ? throw TooLarge(path, maxBytes) : length == content.Length ? content : content[..length];
    }

    private SafeFileHandle OpenForReading(string path)
    {
        // A pipe without a writer would hold the thread for as long as none comes.
        int number = FileLibc.Open(FileLibc.Here, PathBytes.ToTerminated(path), FileLibc.ReadOnly | FileLibc.CloseOnExec | FileLibc.NonBlocking, 0);
        if (number < 0)
        {
            throw MissingOrLast("read", path);
        }

        SafeFileHandle file = new(number, ownsHandle: true);
        if (FolderHandle.TryStat(file, out RawStat stat) && stat.Kind is FileKind.Folder or FileKind.Pipe)
        {
            file.Dispose();
            throw stat.Kind == FileKind.Folder
                ? new UnauthorizedAccessException($"Cannot read '{PathBytes.Display(path)}' {_failures.Place}: it is a folder. ListAsync lists it.")
                : _failures.Problem("read", path, "it is a named pipe, and reading one may never end.");
        }

        return file;
    }

    /// <summary>The exception for the error of the call that just failed, which tells a missing folder from a missing file.</summary>
    private Exception MissingOrLast(string action, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return error == FileLibc.NotFound && !FolderHandle.TryStat(FolderHandle.Split(path).Parent, followLinks: true, out _)
            ? new DirectoryNotFoundException(
                $"Cannot {action} '{PathBytes.Display(path)}' {_failures.Place}: the folder that it would be in does not exist.")
            : _failures.Make(error, action, path);
    }

    private int Read(SafeFileHandle file, Span<byte> buffer, string path)
    {
        try
        {
            // Not at an offset: a device has none, and a file's own position moves along.
            return FilePosition.Read(file, buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failures.Wrap(e, "read", path);
        }
    }

    private int ReadAt(SafeFileHandle file, Span<byte> buffer, long offset, string path)
    {
        try
        {
            int total = 0;
            for (int count; total < buffer.Length && (count = RandomAccess.Read(file, buffer[total..], offset + total)) > 0;)
            {
                total += count;
            }

            return total;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw _failures.Wrap(e, "read", path);
        }
    }

    private IOException TooLarge(string path, int maxBytes) => _failures.Problem(
        "read", path, $"it has more than {maxBytes} bytes (FileReadOptions.MaxBytes). OpenReadAsync reads it as a stream.");
}
