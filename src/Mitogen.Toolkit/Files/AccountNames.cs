using System.Globalization;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// The names of users and groups as the files of the machine have them. Read anew when the file changed. The library's own functions would load
/// other libraries, which a static program cannot.
/// </summary>
internal sealed class AccountNames(string path)
{
    private readonly Lock _lock = new();
    private DateTime _read;

    // Guarded by the lock, and replaced as wholes.
    private Dictionary<uint, string> _names = [];
    private Dictionary<string, uint> _numbers = [];

    public static AccountNames Users { get; } = new("/etc/passwd");

    public static AccountNames Groups { get; } = new("/etc/group");

    /// <summary>The names by their numbers, as they are now.</summary>
    public IReadOnlyDictionary<uint, string> Names
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return _names;
            }
        }
    }

    /// <summary>The number of a name, or of a number.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public uint Number(string name, FileFailures failures)
    {
        lock (_lock)
        {
            Refresh();
            return _numbers.TryGetValue(name, out uint number) || (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                    && number != uint.MaxValue)
                ? number
                : throw new ArgumentException(
                    $"{path} {failures.Place} has no '{name}'. Give the number of one that only a directory service knows.", nameof(name));
        }
    }

    private void Refresh()
    {
        DateTime written = File.GetLastWriteTimeUtc(path);
        if (written == _read)
        {
            return;
        }

        Dictionary<uint, string> names = [];
        Dictionary<string, uint> numbers = new(StringComparer.Ordinal);
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                string[] fields = line.Split(':', 4);
                if (fields.Length >= 3 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
                {
                    _ = names.TryAdd(number, fields[0]);
                    _ = numbers.TryAdd(fields[0], number);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A machine without that file has numbers alone.
        }

        (_names, _numbers, _read) = (names, numbers, written);
    }
}
