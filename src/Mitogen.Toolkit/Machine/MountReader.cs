using System.Text;

namespace Mitogen.Toolkit.Machine;

/// <summary>Reads the mounted file systems.</summary>
internal static class MountReader
{
    private const int MaxMounts = 1000;

    // What the kernel shows of itself holds no data.
    private static readonly HashSet<string> s_kernel = new(StringComparer.Ordinal)
    {
        "proc", "sysfs", "devpts", "cgroup", "cgroup2", "securityfs", "debugfs", "tracefs", "configfs", "pstore", "bpf", "mqueue", "hugetlbfs", "fusectl",
        "binfmt_misc", "autofs", "rpc_pipefs", "nsfs", "efivarfs", "selinuxfs", "devtmpfs",
    };

    public static IReadOnlyList<MountFacts> Read()
    {
        List<MountFacts> mounts = [];
        foreach (string line in KernelFiles.Lines("/proc/self/mounts"))
        {
            if (line.Split(' ') is not [var device, var path, var type, var options, ..] || s_kernel.Contains(type))
            {
                continue;
            }

            path = Unescape(path);
            (long? total, long? available) = IsRemote(type) ? (null, null) : SizeOf(path);
            mounts.Add(new MountFacts(path, Unescape(device), type, options.Split(',').Contains("ro"), total, available));
            if (mounts.Count == MaxMounts)
            {
                break;
            }
        }

        return mounts;
    }

    /// <summary>Whether its server may be gone: then whoever asks for its size waits for ever.</summary>
    private static bool IsRemote(string type) => type.StartsWith("nfs", StringComparison.Ordinal) || type.StartsWith("fuse", StringComparison.Ordinal)
        || type is "cifs" or "smb3" or "smbfs" or "9p" or "ceph" or "glusterfs" or "afs" or "ncpfs" or "lustre" or "beegfs" or "gpfs" or "virtiofs";

    private static (long? Total, long? Available) SizeOf(string path)
    {
        try
        {
            DriveInfo drive = new(path);
            return (drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, null); // it may not be asked, or is gone again
        }
    }

    /// <summary>The kernel writes blanks and the like as three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                _ = plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                _ = plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
