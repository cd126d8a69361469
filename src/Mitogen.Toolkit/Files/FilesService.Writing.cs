using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Contents that are written.</summary>
internal sealed partial class FilesService
{
    private const string WriteAction = "write";
    private const uint OpenMode = 0x1b6; // rw-rw-rw-

    public Task WriteBytesAsync(string path, ReadOnlyMemory<byte> content, FileWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteWholeAsync(
            path,
            (file, token) => WriteToAsync(file, content, path, token),
            options,
            cancellationToken);

    public Task WriteTextAsync(string path, string text, FileWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteBytesAsync(path, Encoding.UTF8.GetBytes(text), options, cancellationToken);

    public Task WriteLinesAsync(
        string path, IAsyncEnumerable<string> lines, FileWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteWholeAsync(
            path,
            async (file, token) =>
            {
                ArrayBufferWriter<byte> gathered = new();
                await foreach (string line in lines.WithCancellation(token).ConfigureAwait(false))
                {
                    _ = Encoding.UTF8.GetBytes(line, gathered);
                    gathered.Write("\n"u8);
                    if (gathered.WrittenCount >= 64 * 1024)
                    {
                        await WriteToAsync(file, gathered.WrittenMemory, path, token).ConfigureAwait(false);
                        gathered.ResetWrittenCount();
                    }
                }

                await WriteToAsync(file, gathered.WrittenMemory, path, token).ConfigureAwait(false);
            },
            options,
            cancellationToken);

    public Task WriteAsync(string path, Stream content, FileWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteWholeAsync(
            path,
            async (file, token) =>
            {
                byte[] buffer = new byte[128 * 1024];
                for (int count; (count = await content.ReadAsync(buffer, token).ConfigureAwait(false)) > 0;)
                {
                    await WriteToAsync(file, buffer.AsMemory(0, count), path, token).ConfigureAwait(false);
                }
            },
            options,
            cancellationToken);

    public async Task AppendTextAsync(string path, string text, CancellationToken cancellationToken = default)
    {
        using SafeFileHandle file = OpenForWriting(path, FileLibc.WriteOnly | FileLibc.Append | FileLibc.Create, OpenMode);
        await WriteToAsync(file, Encoding.UTF8.GetBytes(text), path, cancellationToken).ConfigureAwait(false);
    }

    public Task<Stream> OpenWriteAsync(string path, FileOpenOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FileOpenOptions();
        if (options is { Append: true, Offset: not null })
        {
            throw new ArgumentException("FileOpenOptions.Append and FileOpenOptions.Offset exclude each other.", nameof(options));
        }

        _ = AtLeast(options.Offset ?? 0, 0, nameof(FileOpenOptions.Offset));
        int flags = FileLibc.WriteOnly
            | (options.Create ? FileLibc.Create : 0) | (options.Truncate ? FileLibc.Truncate : 0) | (options.Append ? FileLibc.Append : 0);
        SafeFileHandle file = OpenForWriting(path, flags, (uint)options.Mode);
        try
        {
            FileStream stream = new(file, FileAccess.Write, bufferSize: 0);
            if (options.Offset is { } offset and > 0)
            {
                if (!stream.CanSeek)
                {
                    throw _failures.Problem("write into", path, "it has no offsets; write it without FileOpenOptions.Offset.");
                }

                stream.Position = offset;
            }

            // A FileStream writes at positions of its own, and a file may have another end by then. And it does not wait for a pipe's reader.
            return Task.FromResult<Stream>(options.Append || !stream.CanSeek ? new FilePositionStream(file) : stream);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private SafeFileHandle OpenForWriting(string path, int flags, uint mode)
    {
        // A pipe that nobody reads is an error, and not a wait.
        int number = FileLibc.Open(FileLibc.Here, PathBytes.ToTerminated(path), flags | FileLibc.CloseOnExec | FileLibc.NonBlocking, mode);
        return number < 0 ? throw MissingOrLast("write", path) : new SafeFileHandle(number, ownsHandle: true);
    }

    /// <summary>Writes a file by a part beside it, or in place where that is wanted or no other way.</summary>
    private async Task WriteWholeAsync(
        string path, Func<SafeFileHandle, CancellationToken, Task> write, FileWriteOptions? options, CancellationToken cancellationToken)
    {
        options ??= new FileWriteOptions();
        if (options.MaxWait < TimeSpan.Zero || options.MaxWait > TimeSpan.FromDays(24))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxWait, "FileWriteOptions.MaxWait is from 0 to 24 days.");
        }

        uint? user = options.User is { } userName ? AccountNames.Users.Number(userName, _failures) : null;
        uint? group = options.Group is { } groupName ? AccountNames.Groups.Number(groupName, _failures) : null;
        path = Target(path, WriteAction);
        if (options.CreateFolders)
        {
            _ = CreateFolders(FolderHandle.Split(path).Parent, null);
        }

        RawStat? before = FindWritten(path, options.Replace);
        if (before is { } present && (options.InPlace || present.Kind != FileKind.File))
        {
            using SafeFileHandle file = OpenForWriting(path, FileLibc.WriteOnly | FileLibc.Truncate, 0);
            await write(file, cancellationToken).ConfigureAwait(false);
            if (present.Kind == FileKind.File)
            {
                SetState(file, options.Mode, user, group, path);
                if (options.Flush && FileLibc.Flush(file) != 0)
                {
                    throw _failures.Last(WriteAction, path);
                }
            }

            return;
        }

        (FolderHandle folder, byte[] name) = FolderHandle.OpenParent(path, WriteAction, _failures);
        using (folder)
        {
            FolderHandle.CheckName(name, WriteAction, path, _failures);
            using PartFile part = await CreatePartAsync(folder, name, path, options.MaxWait, cancellationToken).ConfigureAwait(false);

            // What replaces a file is as open as it was, and no more, before it holds anything.
            uint? newUser = user ?? (before is { } old && old.User != PartFile.OwnUser ? old.User : null);
            UnixFileMode mode = options.Mode ?? (UnixFileMode)(before?.Permissions ?? (OpenMode & ~FileUmask.Current));
            SetState(part.Handle, mode, newUser, group ?? before?.Group, path);
            PartFile.Reached?.Invoke(PartStep.Owned);
            await write(part.Handle, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!part.Commit(options.Flush, options.Replace))
            {
                throw _failures.Last(WriteAction, path);
            }
        }
    }

    /// <summary>What is there and is to be replaced, if that is allowed.</summary>
    private RawStat? FindWritten(string path, bool replace)
    {
        if (!FolderHandle.TryStat(path, followLinks: false, out RawStat before))
        {
            return IsMissing() ? null : throw _failures.Last(WriteAction, path);
        }

        if (!replace)
        {
            throw _failures.Make(FileLibc.Exists, WriteAction, path);
        }

        return before.Kind == FileKind.Folder
            ? throw new UnauthorizedAccessException($"Cannot write '{PathBytes.Display(path)}' {_failures.Place}: it is a folder.")
            : before;
    }

    private async Task<PartFile> CreatePartAsync(
        FolderHandle folder, byte[] name, string path, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        long end = Environment.TickCount64 + (long)maxWait.TotalMilliseconds;
        for (int delay = 5; ; delay = Math.Min(delay * 2, 100))
        {
            try
            {
                if (PartFile.TryCreate(folder, name, keep: false) is { } part)
                {
                    return part;
                }
            }
            catch (PartFailedException e)
            {
                throw _failures.Make(e.Error, $"make the part '{PathBytes.Display(e.Name)}' for", path);
            }

            if (Environment.TickCount64 >= end)
            {
                throw _failures.Problem(
                    "write", path, $"another one has been writing it for {maxWait.TotalSeconds:0.###} seconds (FileWriteOptions.MaxWait).");
            }

            await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    private void SetState(SafeFileHandle file, UnixFileMode? mode, uint? user, uint? group, string path)
    {
        if ((user is not null || group is not null) && FileLibc.SetOwner(file, user ?? uint.MaxValue, group ?? uint.MaxValue) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw error == FileLibc.PermissionDenied
                ? new UnauthorizedAccessException(
                    $"Cannot {WriteAction} '{PathBytes.Display(path)}' {_failures.Place}: its owner or group cannot be given to what replaces it. "
                    + "Write it as root, set FileWriteOptions.User and Group to those of the context, or write it InPlace.")
                : _failures.Make(error, WriteAction, path);
        }

        // After the owner: another owner takes the bits that lend one's rights away.
        if (mode is { } permissions && FileLibc.SetMode(file, (uint)permissions) != 0)
        {
            throw _failures.Last(WriteAction, path);
        }
    }

    private async Task WriteToAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, string path, CancellationToken cancellationToken)
    {
        try
        {
            await FilePosition.WriteAsync(file, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw _failures.Wrap(e, "write", path);
        }
    }
}
