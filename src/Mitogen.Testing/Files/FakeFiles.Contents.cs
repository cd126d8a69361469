using System.Runtime.CompilerServices;
using System.Text;
using Mitogen.Testing.Files;
using Mitogen.Toolkit;

namespace Mitogen.Testing;

/// <summary>Contents.</summary>
public sealed partial class FakeFiles
{
    /// <inheritdoc/>
    public Task<byte[]> ReadBytesAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(ReadWhole(path, options));

    /// <inheritdoc/>
    public Task<string> ReadTextAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        using StreamReader reader = new(new MemoryStream(ReadWhole(path, options)), Encoding.UTF8);
        return Task.FromResult(reader.ReadToEnd());
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadLinesAsync(
        string path, FileReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int maxLine = (options ?? new FileReadOptions()).MaxLineBytes;
        foreach (string line in Lines(ReadWhole(path, new FileReadOptions { MaxBytes = int.MaxValue })))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Encoding.UTF8.GetByteCount(line) > maxLine
                ? throw Problem("read lines of", path, $"a line has more than {maxLine} bytes (MaxLineBytes).")
                : line;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string path, long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        byte[] content = ReadWhole(path, new FileReadOptions { MaxBytes = int.MaxValue });
        int start = (int)Math.Min(offset, content.Length);
        return Task.FromResult<Stream>(new MemoryStream(content, start, content.Length - start, writable: false));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenWriteAsync(string path, FileOpenOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FileOpenOptions();
        if (options is { Append: true, Offset: not null })
        {
            throw new ArgumentException("FileOpenOptions.Append and FileOpenOptions.Offset exclude each other.", nameof(options));
        }

        lock (_lock)
        {
            if (options.Create && Find(path, followLinks: true) is null)
            {
                _ = Make(path, "write", FileKind.File, (uint)options.Mode & ~0x12u);
            }

            FakeEntry file = GetFile(path, "write");
            file.Content = options.Truncate ? [] : file.Content;
            return Task.FromResult<Stream>(new FakeFileStream(this, file, path, options.Append ? null : options.Offset ?? 0));
        }
    }

    /// <inheritdoc/>
    public Task WriteBytesAsync(
        string path, ReadOnlyMemory<byte> content, FileWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            SetContent(path, "write", content.ToArray(), options ?? new FileWriteOptions());
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteTextAsync(string path, string text, FileWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteBytesAsync(path, Encoding.UTF8.GetBytes(text), options, cancellationToken);

    /// <inheritdoc/>
    public async Task WriteLinesAsync(
        string path, IAsyncEnumerable<string> lines, FileWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        StringBuilder text = new();
        await foreach (string line in lines.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            _ = text.Append(line).Append('\n');
        }

        await WriteTextAsync(path, text.ToString(), options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string path, Stream content, FileWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        using MemoryStream memory = new();
        await content.CopyToAsync(memory, cancellationToken).ConfigureAwait(false);
        await WriteBytesAsync(path, memory.ToArray(), options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task AppendTextAsync(string path, string text, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            byte[] before = Find(path, followLinks: true) is null ? [] : GetFile(path, "write").Content;
            SetContent(path, "write", [.. before, .. Encoding.UTF8.GetBytes(text)], new FileWriteOptions());
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<byte[]> HashAsync(string path, CancellationToken cancellationToken = default) =>
        Task.FromResult(System.Security.Cryptography.SHA256.HashData(ReadWhole(path, new FileReadOptions { MaxBytes = int.MaxValue })));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> TailAsync(
        string path, int lines = 10, FileReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lines);
        return Task.FromResult<IReadOnlyList<string>>([.. Lines(ReadWhole(path, options)).TakeLast(lines)]);
    }

    /// <summary>Writes into a file at a position, or at its end.</summary>
    internal void Write(FakeEntry file, string path, ReadOnlySpan<byte> bytes, long? position)
    {
        lock (_lock)
        {
            int start = (int)(position ?? file.Content.Length);
            byte[] content = new byte[Math.Max(file.Content.Length, start + bytes.Length)];
            file.Content.CopyTo(content, 0);
            bytes.CopyTo(content.AsSpan(start));
            file.Content = content;
            file.Modified = file.Changed = FileTime.Now;
            Tell(FileChangeKind.Modified, path);
        }
    }

    private static List<string> Lines(byte[] content)
    {
        List<string> lines = [.. Encoding.UTF8.GetString(content).Split('\n').Select(line => line.TrimEnd('\r'))];
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private byte[] ReadWhole(string path, FileReadOptions? options)
    {
        int maxBytes = (options ?? new FileReadOptions()).MaxBytes;
        lock (_lock)
        {
            byte[] content = GetFile(path, "read").Content;
            return content.Length <= maxBytes ? [.. content] : throw Problem(
                "read", path, $"it has more than {maxBytes} bytes (FileReadOptions.MaxBytes). OpenReadAsync reads it as a stream.");
        }
    }
}
