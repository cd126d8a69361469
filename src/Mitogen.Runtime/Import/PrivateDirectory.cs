using Mitogen.Interop;
using Mitogen.Processes;

namespace Mitogen.Import;

/// <summary>A new, empty directory that only this user can enter, in memory where possible. Disposal deletes it.</summary>
internal sealed class PrivateDirectory : IDisposable
{
    internal const string Prefix = "mitogen-";
    private const string Memory = "/dev/shm";

    private PrivateDirectory(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Where new directories are tried, best first.</summary>
    internal static IReadOnlyList<string> Places { get; } =
        AllowsCode(Memory) ? [Memory, System.IO.Path.GetTempPath()] : [System.IO.Path.GetTempPath()];

    /// <summary>The directory, or <see langword="null"/> where none can be made.</summary>
    internal static PrivateDirectory? TryCreate() => Places.Select(TryCreate).FirstOrDefault(directory => directory is not null);

    internal static PrivateDirectory? TryCreate(string place)
    {
        // The random name cannot be guessed, so nobody can have put a directory or a link of theirs in its place; nor must they later.
        if (!SharedFolder.IsSafe(place))
        {
            return null;
        }

        string path = System.IO.Path.Combine(place, Prefix + Convert.ToHexStringLower(Randomness.Bytes(12)));
        try
        {
#pragma warning disable CA1416 // Contexts run on Linux.
            _ = Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
            return new PrivateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not writable for us: the caller tries the next place.
            return null;
        }
    }

    public void Dispose() => Delete(Path);

    /// <summary>Deletes a directory that the other process of the pair may be deleting, or have deleted, too.</summary>
    internal static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException) when (!Directory.Exists(path))
        {
            // The race with the other process: it is gone, which is what was wanted.
        }
    }

    // Mapped code needs a file system without noexec; containers often have it on /dev/shm.
    private static bool AllowsCode(string mountPoint)
    {
        try
        {
            string[]? mount = File.ReadLines("/proc/self/mounts").Select(line => line.Split(' '))
                .LastOrDefault(fields => fields is [_, var at, ..] && at == mountPoint);
            return mount is [_, _, _, var options, ..] && !options.Split(',').Contains("noexec");
        }
        catch (IOException)
        {
            // No /proc: the temp folder will do.
            return false;
        }
    }
}
