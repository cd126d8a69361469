using System.Globalization;

namespace Mitogen.Hosts.Tests.Listings;

/// <summary>What there is on a host: files in the places where programs leave some, and processes. Two of them tell what was left.</summary>
/// <param name="things">Each as it is told.</param>
/// <param name="again">Lists the same host anew.</param>
internal sealed class HostListing(IEnumerable<string> things, Func<Task<HostListing>> again)
{
    private const string Process = "process ";

    private const string ContainerScript = """
        find / /dev/shm -xdev | sort -u | sed 's/^/file /'
        ps -o pid,ppid,user,args | awk -v me=$$ 'NR > 1 && $1 != me && $2 != me { $2 = ""; print "process " $0 }'
        """;

    private readonly HashSet<string> _things = [.. things];

    private static readonly string[] s_folders = ["/tmp", "/var/tmp", "/dev/shm", "/run/user", "/run/sudo", "/var/lib/sudo", "/home"];

    /// <summary>All files of these users in the usual folders and in all homes, and all of their processes.</summary>
    public static async Task<HostListing> OfUsersAsync(params IReadOnlyList<string> users)
    {
        // Other users' files there come and go as they please.
        string[] owners = [.. users.SelectMany(user => (string[])["-o", "-user", user]).Skip(1)];
        ToolResult files = await HostCommand.RunAsync(
            ["find", .. s_folders.Where(Directory.Exists), "(", .. owners, ")", "-printf", "file %p (%y, mode %m, %u:%g)\\n"]);
        Dictionary<string, string> names = [];
        foreach (string user in users)
        {
            names[await HostCommand.OutputAsync("id", "-u", user)] = user;
        }

        return new HostListing([.. Lines(files.Output), .. Processes(names)], () => OfUsersAsync(users));
    }

    /// <summary>All files of a container, and all of its processes.</summary>
    /// <param name="enter">What runs a command in it.</param>
    public static async Task<HostListing> OfContainerAsync(params IReadOnlyList<string> enter) =>
        new(Lines(await HostCommand.OutputAsync([.. enter, "/bin/sh", "-c", ContainerScript])), () => OfContainerAsync(enter));

    /// <summary>All files below a folder.</summary>
    public static async Task<HostListing> OfFolderAsync(string folder) =>
        new(Lines(await HostCommand.OutputAsync("find", folder)), () => OfFolderAsync(folder));

    /// <summary>What came, marked with a plus sign, and which files went, with a minus sign: processes may have been about to end before.</summary>
    public async Task<IReadOnlyList<string>> ChangesAsync()
    {
        HashSet<string> now = (await again())._things;
        return
        [
            .. now.Except(_things).Select(thing => "+ " + thing).Order(StringComparer.Ordinal),
            .. _things.Except(now).Where(thing => !thing.StartsWith(Process, StringComparison.Ordinal)).Select(thing => "- " + thing)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Fails if the host does not become as it was.</summary>
    public async Task AssertUnchangedAsync()
    {
        IReadOnlyList<string> changes = [];
        await Eventually.UntilAsync(async () => (changes = await ChangesAsync()).Count == 0, () => "Changed:\n" + string.Join('\n', changes));
    }

    private static IEnumerable<string> Processes(Dictionary<string, string> names)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            string status, command;
            try
            {
                status = File.ReadAllText(folder + "/status");
                command = File.ReadAllText(folder + "/cmdline").Replace('\0', ' ').TrimEnd();
            }
            catch (IOException)
            {
                continue; // it ended meanwhile
            }

            string[] lines = status.Split('\n');
            string user = lines.First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
            if (names.TryGetValue(user, out string? name))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{Process}{Path.GetFileName(folder)} of {name}: {(command.Length > 0 ? command : lines[0])}");
            }
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
