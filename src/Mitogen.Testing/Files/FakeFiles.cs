using Mitogen.Testing.Files;
using Mitogen.Toolkit;

namespace Mitogen.Testing;

/// <summary>
/// Files in memory: give it to a <see cref="FakeContext"/> in the place of <see cref="IFiles"/>. It behaves as the files of a machine do for root, with the
/// same exceptions: permissions are kept and not checked. Relative paths begin at <c>/</c>. Nothing is on a disk, so nothing is left half
/// written either, and <see cref="FileWriteOptions.Flush"/> and <see cref="FileWriteOptions.MaxWait"/> change nothing.
/// </summary>
/// <remarks>All members are thread-safe.</remarks>
public sealed partial class FakeFiles : IFiles
{
    private const uint FileMode = 0x1a4;   // rw-r--r--
    private const uint FolderMode = 0x1ed; // rwxr-xr-x
    private const int MaxLinks = 40;

    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly FakeEntry _root = new(FileKind.Folder, FolderMode, 1);
    private readonly Dictionary<string, Exception> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> _accounts = new(StringComparer.Ordinal) { ["root"] = 0 };
    private ulong _inode = 1;
    private long _temporary;

    /// <summary>Puts a file there, and the missing folders above it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">What it holds, as UTF-8.</param>
    /// <returns>This.</returns>
    public FakeFiles Add(string path, string text) => Add(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Puts a file there, and the missing folders above it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it holds.</param>
    /// <returns>This.</returns>
    public FakeFiles Add(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        lock (_lock)
        {
            _ = MakeFolders(ParentOf(path));
            SetContent(path, "write", [.. content], new FileWriteOptions());
        }

        return this;
    }

    /// <summary>Lets each later call on a path fail.</summary>
    /// <param name="path">The path, as calls name it.</param>
    /// <param name="error">What they fail with; <see langword="null"/> lets them work again.</param>
    /// <returns>This.</returns>
    public FakeFiles Fail(string path, Exception? error)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (_lock)
        {
            if (error is null)
            {
                _ = _failures.Remove(path);
            }
            else
            {
                _failures[path] = error;
            }
        }

        return this;
    }

    private static (string Parent, string Name) Split(string path)
    {
        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        return (slash <= 0 ? "/" : trimmed[..slash], trimmed[(slash + 1)..]);
    }

    private static string ParentOf(string path) => Split(path).Parent;

    private static string Join(string folder, string name) => folder.EndsWith('/') ? folder + name : $"{folder}/{name}";

    private static IOException Problem(string action, string path, string reason) => new($"Cannot {action} '{PathBytes.Display(path)}' in memory: {reason}");

    private static FileNotFoundException NotFound(string action, string path) =>
        new($"Cannot {action} '{PathBytes.Display(path)}' in memory: No such file or directory.", path);

    /// <summary>The entry of a path, or <see langword="null"/>.</summary>
    private FakeEntry? Find(string path, bool followLinks, int links = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _ = PathBytes.Encode(path); // refuses what is no path
        if (_failures.TryGetValue(path, out Exception? failure))
        {
            throw failure;
        }

        Stack<(FakeEntry Entry, string Path)> way = new([(_root, "/")]);
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] == ".")
            {
                continue;
            }

            if (names[i] == "..")
            {
                _ = way.Count > 1 ? way.Pop() : default;
                continue;
            }

            if (names[i].Length > 0 && PathBytes.Encode(names[i]).Length > 255)
            {
                throw new PathTooLongException($"Cannot use '{PathBytes.Display(path)}' in memory: A name may have 255 bytes.");
            }

            (FakeEntry folder, string folderPath) = way.Peek();
            if (!folder.Children.TryGetValue(names[i], out FakeEntry? next))
            {
                return null;
            }

            if (next.Target is { } target && (followLinks || i < names.Length - 1))
            {
                string rest = string.Join('/', [target.StartsWith('/') ? target : Join(folderPath, target), .. names[(i + 1)..]]);
                return links == MaxLinks
                    ? throw Problem("use", path, "Too many levels of symbolic links.")
                    : Find(rest, followLinks, links + 1);
            }

            way.Push((next, Join(folderPath, names[i])));
        }

        return way.Peek().Entry;
    }

    private FakeEntry Get(string path, string action, bool followLinks = true) => Find(path, followLinks)
        ?? (Find(ParentOf(path), followLinks: true) is null
            ? throw new DirectoryNotFoundException($"Cannot {action} '{PathBytes.Display(path)}' in memory: the folder that it would be in does not exist.")
            : throw NotFound(action, path));

    private FakeEntry GetFile(string path, string action) => Get(path, action) is { Kind: not FileKind.Folder } file
        ? file
        : throw new UnauthorizedAccessException($"Cannot {action} '{PathBytes.Display(path)}' in memory: it is a folder.");

    private FakeEntry GetFolder(string path, string action) => Get(path, action) is { Kind: FileKind.Folder } folder
        ? folder
        : throw new DirectoryNotFoundException($"Cannot {action} '{PathBytes.Display(path)}' in memory: it is no folder.");

    private FakeEntry GetParent(string path, string action)
    {
        (string parent, string name) = Split(path);
        return name is "" or "." or ".."
            ? throw new ArgumentException($"A path to {action} cannot end with '{name}'.", nameof(path))
            : Find(parent, followLinks: true) is { Kind: FileKind.Folder } folder ? folder
            : throw new DirectoryNotFoundException(
                $"Cannot {action} '{PathBytes.Display(path)}' in memory: the folder that it would be in does not exist. CreateFolderAsync makes it.");
    }

    private FakeEntry Make(string path, string action, FileKind kind, uint mode, string? target = null)
    {
        FakeEntry entry = new(kind, mode, ++_inode) { Target = target };
        GetParent(path, action).Children.Add(Split(path).Name, entry);
        Tell(FileChangeKind.Created, path);
        return entry;
    }

    private bool MakeFolders(string path)
    {
        if (Find(path, followLinks: true) is { } present)
        {
            return present.Kind == FileKind.Folder ? false : throw Problem("make the folder", path, "File exists.");
        }

        _ = MakeFolders(ParentOf(path));
        _ = Make(path, "make the folder", FileKind.Folder, FolderMode);
        return true;
    }

    private void SetContent(string path, string action, byte[] content, FileWriteOptions options)
    {
        if (options.CreateFolders)
        {
            _ = MakeFolders(ParentOf(path));
        }

        FakeEntry? file = Find(path, followLinks: true);
        if (file is not null && !options.Replace)
        {
            throw Problem(action, path, "File exists.");
        }

        file = file is null ? Make(path, action, FileKind.File, FileMode) : GetFile(path, action);
        file.Content = content;
        file.Modified = file.Changed = FileTime.Now;
        file.Mode = options.Mode ?? file.Mode;
        file.User = options.User is { } user ? Account(user) : file.User;
        file.Group = options.Group is { } group ? Account(group) : file.Group;
        Tell(FileChangeKind.Modified, path);
    }

    /// <summary>A number for each name.</summary>
    private (uint Id, string Name) Account(string name)
    {
        if (uint.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out uint number))
        {
            return (number, _accounts.FirstOrDefault(a => a.Value == number).Key ?? name);
        }

        if (!_accounts.TryGetValue(name, out number))
        {
            _accounts.Add(name, number = 1000 + (uint)_accounts.Count);
        }

        return (number, name);
    }
}
