namespace Mitogen.Toolkit;

/// <summary>
/// The files of a context: <c>context.Get&lt;IFiles&gt;()</c>. A relative path begins at the working folder of the context's process. Names
/// that are not UTF-8 have a form of their own (<see cref="PathBytes"/>).
/// </summary>
/// <remarks>
/// <para>All members are thread-safe; calls run beside each other and not in the order in which they were made. A call that is cancelled
/// stops between two steps; no file is left half written by it.</para>
/// <para>Errors are those of <see cref="System.IO"/>, with the path and the context in the message: <see cref="FileNotFoundException"/>,
/// <see cref="DirectoryNotFoundException"/>, <see cref="UnauthorizedAccessException"/>, <see cref="PathTooLongException"/>, and
/// <see cref="IOException"/> for everything else, with the operating system's number as <see cref="Exception.HResult"/>. After an error
/// everything remains usable.</para>
/// </remarks>
[Remote]
public interface IFiles
{
    /// <summary>Reads a file as a whole.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="IOException">It is larger than <see cref="FileReadOptions.MaxBytes"/>, or cannot be read.</exception>
    Task<byte[]> ReadBytesAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a file as a whole, as UTF-8 or what its byte order mark says.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its text; what is not valid is <c>U+FFFD</c>.</returns>
    /// <exception cref="IOException">It is larger than <see cref="FileReadOptions.MaxBytes"/>, or cannot be read.</exception>
    Task<string> ReadTextAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the lines of a file of any size, as UTF-8.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The lines without their ends, <c>\n</c> or <c>\r\n</c>.</returns>
    /// <exception cref="IOException">A line is longer than <see cref="FileReadOptions.MaxLineBytes"/>, or the file cannot be read.</exception>
    IAsyncEnumerable<string> ReadLinesAsync(string path, FileReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="offset">The byte at which reading begins.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its content from there; the caller disposes it.</returns>
    Task<Stream> OpenReadAsync(string path, long offset = 0, CancellationToken cancellationToken = default);

    /// <summary>Opens a file for writing into it. What is written stands there at once; <see cref="WriteAsync"/> never leaves half a file.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="options">Where to write, and what may be made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>What is written to it goes there; the caller disposes it, and all is written when that completes.</returns>
    Task<Stream> OpenWriteAsync(string path, FileOpenOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes a file as a whole. The content goes into a part beside it, <c>.NAME.mitogen-part</c>, which has its permissions and owner
    /// first, is flushed to the disk and then takes the name. What was there stays until then. A part that a killed process left is
    /// removed by the next write. A symbolic link is followed: its target is replaced, not the link.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellationToken">Gives the call up; the file then holds what it held.</param>
    /// <returns>A task that completes when the file has the content; if it faults, the file holds what it held.</returns>
    Task WriteBytesAsync(string path, ReadOnlyMemory<byte> content, FileWriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="WriteBytesAsync"/>, with text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">What it is to hold.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellationToken">Gives the call up; the file then holds what it held.</param>
    /// <returns>A task that completes when the file has the content.</returns>
    Task WriteTextAsync(string path, string text, FileWriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="WriteTextAsync"/>, with lines that come one by one; each ends with <c>\n</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">What it is to hold.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellationToken">Gives the call up; the file then holds what it held.</param>
    /// <returns>A task that completes when the file has the content.</returns>
    Task WriteLinesAsync(string path, IAsyncEnumerable<string> lines, FileWriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="WriteBytesAsync"/>, with a content of any size. If reading it fails, the file holds what it held.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold, to its end; the caller disposes it.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellationToken">Gives the call up; the file then holds what it held.</param>
    /// <returns>A task that completes when the file has the content.</returns>
    Task WriteAsync(string path, Stream content, FileWriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Adds text at the end of a file, in one write; the file is made if it is missing.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="text">What is added, as UTF-8.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>A task that completes when it was added.</returns>
    Task AppendTextAsync(string path, string text, CancellationToken cancellationToken = default);

    /// <summary>The state of an entry.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="followLinks">Whether a symbolic link is followed to what it leads to.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its state.</returns>
    /// <exception cref="FileNotFoundException">Nothing has that name.</exception>
    Task<FileStat> StatAsync(string path, bool followLinks = true, CancellationToken cancellationToken = default);

    /// <summary>The state of an entry, if there is one.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="followLinks">Whether a symbolic link is followed to what it leads to.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its state; <see langword="null"/> if nothing has that name.</returns>
    Task<FileStat?> FindAsync(string path, bool followLinks = true, CancellationToken cancellationToken = default);

    /// <summary>Whether something has that name. A symbolic link is followed.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Whether something has it.</returns>
    Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>The path without symbolic links, <c>.</c> and <c>..</c>, from the root of the file system.</summary>
    /// <param name="path">An entry that exists.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The path.</returns>
    Task<string> ResolveAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>The entries of a folder, in no order. Links among them are not followed.</summary>
    /// <param name="path">The folder; a symbolic link to one is followed.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The entries, read as they are asked for.</returns>
    IAsyncEnumerable<FileStat> ListAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>All entries below a folder: each folder before what is in it, otherwise in no order. Links are not followed.</summary>
    /// <param name="path">The folder; a symbolic link to one is followed.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The entries, read as they are asked for. A folder that cannot be read is told of, and the walk goes on.</returns>
    IAsyncEnumerable<WalkEntry> WalkAsync(string path, WalkOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The files below a folder that match patterns such as <c>**/*.cs</c> or <c>bin/</c>. Links to folders are not entered.</summary>
    /// <param name="path">The folder; a symbolic link to one is followed.</param>
    /// <param name="patterns">The patterns, of <c>Microsoft.Extensions.FileSystemGlobbing</c>.</param>
    /// <param name="options">What is left out, and the bounds.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The files' paths, which begin with <paramref name="path"/>. They come after the whole search.</returns>
    IAsyncEnumerable<string> GlobAsync(
        string path, IReadOnlyList<string> patterns, GlobOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Copies a file or a tree within the context, with permissions, times and symbolic links. Files are replaced as by
    /// <see cref="WriteAsync"/>.</summary>
    /// <param name="from">What is copied; if it is a symbolic link, the link.</param>
    /// <param name="to">The name of the copy.</param>
    /// <param name="replace">Whether files that are there may be replaced. Otherwise the first is an <see cref="IOException"/>.</param>
    /// <param name="cancellationToken">Gives the call up; what was copied stays.</param>
    /// <returns>A task that completes when all was copied.</returns>
    Task CopyAsync(string from, string to, bool replace = true, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives an entry another name, also on another file system: there it is copied, has the name when all of it is there, and then the original
    /// is deleted.
    /// </summary>
    /// <param name="from">The entry; if it is a symbolic link, the link.</param>
    /// <param name="to">Its new name.</param>
    /// <param name="replace">Whether what has that name may be replaced: a file or link by a file or link, an empty folder by a folder.</param>
    /// <param name="cancellationToken">Gives the call up; the entry then has its old name.</param>
    /// <returns>A task that completes when the entry has the name.</returns>
    Task MoveAsync(string from, string to, bool replace = false, CancellationToken cancellationToken = default);

    /// <summary>Deletes an entry. A symbolic link is deleted itself, whatever it leads to, and none is followed below a folder either.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="recursive">Whether a folder is deleted with all that is in it. Otherwise one that is not empty is an
    /// <see cref="IOException"/>.</param>
    /// <param name="cancellationToken">Gives the call up; what was deleted is gone.</param>
    /// <returns>Whether it was there.</returns>
    Task<bool> DeleteAsync(string path, bool recursive = false, CancellationToken cancellationToken = default);

    /// <summary>Makes a folder, and the missing ones on the way to it. One that is there stays as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">Its permissions, whatever the umask is; <see langword="null"/> is <c>rwxrwxrwx</c> without the umask.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Whether it was made.</returns>
    Task<bool> CreateFolderAsync(string path, UnixFileMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">Where it leads; it need not exist. A relative path begins at the link's folder.</param>
    /// <param name="replace">Whether a file or link of that name is replaced, in one step.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>A task that completes when the link is there.</returns>
    Task CreateLinkAsync(string path, string target, bool replace = false, CancellationToken cancellationToken = default);

    /// <summary>Gives a file one more name (a hard link).</summary>
    /// <param name="path">The new name.</param>
    /// <param name="existing">The file; a symbolic link is not followed.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>A task that completes when it has the name.</returns>
    Task CreateHardLinkAsync(string path, string existing, CancellationToken cancellationToken = default);

    /// <summary>Sets the permissions of an entry. A symbolic link is followed.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="mode">The permissions.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>A task that completes when they are set.</returns>
    Task SetModeAsync(string path, UnixFileMode mode, CancellationToken cancellationToken = default);

    /// <summary>Sets the owner and the group of an entry.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="user">The owner, by name or number; <see langword="null"/> leaves it.</param>
    /// <param name="group">The group, by name or number; <see langword="null"/> leaves it.</param>
    /// <param name="followLinks">Whether a symbolic link is followed to what it leads to.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>A task that completes when they are set.</returns>
    /// <exception cref="ArgumentException">There is no user or group of that name over there.</exception>
    Task SetOwnerAsync(
        string path, string? user = null, string? group = null, bool followLinks = true, CancellationToken cancellationToken = default);

    /// <summary>Sets the times of an entry, and makes an empty file if it is missing. A symbolic link is followed.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="modified">When it was modified; <see langword="null"/> is now, by the clock over there.</param>
    /// <param name="accessed">When it was read; <see langword="null"/> is as <paramref name="modified"/>.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>A task that completes when they are set.</returns>
    Task TouchAsync(string path, FileTime? modified = null, FileTime? accessed = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes an empty file that only the context's user may read and write. It is deleted with the context; what a killed context left is
    /// deleted when the next one of its user makes a temporary entry in that folder.
    /// </summary>
    /// <param name="folder">Where; <see langword="null"/> is <c>$TMPDIR</c> over there, or <c>/tmp</c>.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its path.</returns>
    Task<string> CreateTemporaryFileAsync(string? folder = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="CreateTemporaryFileAsync"/>, a folder; it is deleted with all that is in it.</summary>
    /// <param name="folder">Where; <see langword="null"/> is <c>$TMPDIR</c> over there, or <c>/tmp</c>.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its path.</returns>
    Task<string> CreateTemporaryFolderAsync(string? folder = null, CancellationToken cancellationToken = default);

    /// <summary>The SHA-256 of a file's content.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its 32 bytes.</returns>
    Task<byte[]> HashAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>The last lines of a file, read from its end.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="lines">How many.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The lines, the oldest first.</returns>
    /// <exception cref="IOException">They are larger than <see cref="FileReadOptions.MaxBytes"/>, or cannot be read.</exception>
    Task<IReadOnlyList<string>> TailAsync(
        string path, int lines = 10, FileReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The lines that are added to a file from now on. If another file takes its name (rotation), the rest of the old one is read and then
    /// the new one from its beginning; if the file is truncated, it is read from its beginning.
    /// </summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="options">How to follow, and the bounds.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>The lines; a line comes when its end was written. It ends by cancellation alone.</returns>
    IAsyncEnumerable<string> FollowAsync(string path, FollowOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The changes in a folder, as the operating system tells of them (inotify), from the time when the reading begins.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">What to watch, and the bounds.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <returns>The changes. It ends by cancellation alone. Bytes of names that are not UTF-8 are <c>U+FFFD</c>.</returns>
    IAsyncEnumerable<FileChange> WatchAsync(string path, WatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The room of the file system that an entry is in.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Its room.</returns>
    Task<VolumeSpace> GetSpaceAsync(string path, CancellationToken cancellationToken = default);
}
