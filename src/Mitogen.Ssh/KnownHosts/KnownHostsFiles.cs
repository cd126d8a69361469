using System.Text;

namespace Mitogen.Ssh.KnownHosts;

/// <summary>The files of known hosts that a connection uses. A file that is not there is empty.</summary>
internal sealed class KnownHostsFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Contexts are started in parallel, and each may add a line.
    private static readonly Lock s_appending = new();

    private readonly string[] _paths;

    /// <param name="file">The only one; null for the user's and the machine's.</param>
    public KnownHostsFiles(string? file) => _paths = file is not null ? [file] : [InHome("known_hosts"), "/etc/ssh/ssh_known_hosts"];

    /// <summary>Where new keys go.</summary>
    public string Own => _paths[0];

    /// <summary>A file of the user's own folder for ssh.</summary>
    public static string InHome(string name) =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".ssh", name);

    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public KnownKeys KeysOf(string host, int port) => KnownKeys.Of(_paths.Where(File.Exists).SelectMany(File.ReadLines), host, port);

    /// <summary>Adds a host's key.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Add(string host, int port, string keyType, ReadOnlySpan<byte> key)
    {
        string line = $"{KnownKeys.NameOf(host, port)} {keyType} {Convert.ToBase64String(key)}\n";
        lock (s_appending)
        {
            using FileStream file = OpenOwn();
            file.Position = Math.Max(0, file.Length - 1);
            bool endsInLine = file.Length == 0 || file.ReadByte() == '\n';
            file.Position = file.Length;
            file.Write(Encoding.UTF8.GetBytes(endsInLine ? line : "\n" + line));
        }
    }

    /// <summary>Makes the file and its folder, for the user alone, if they are not there.</summary>
    private FileStream OpenOwn()
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(Own))!;
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(folder);
        }
        else
        {
            options.UnixCreateMode = OwnerOnly;
            _ = Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        return new FileStream(Own, options);
    }
}
