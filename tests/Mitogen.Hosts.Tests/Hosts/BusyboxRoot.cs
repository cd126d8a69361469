namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>A folder to be the root of a container that has busybox and nothing else: no libc, no perl, no python.</summary>
internal static class BusyboxRoot
{
    private const string Busybox = "/bin/busybox";

    /// <summary>Who is not root there.</summary>
    public const string User = "app";

    /// <summary>What runs there until the end, as the first process: it takes the status of those that lose their parent.</summary>
    public static IReadOnlyList<string> FirstProcess { get; } = ["/bin/sh", "-c", "sleep 100000 & while :; do wait; done"];

    public static async Task MakeAsync(string folder)
    {
        foreach (string name in (string[])["bin", "dev", "etc", "proc", "root", "sys", "tmp"])
        {
            _ = Directory.CreateDirectory(Path.Combine(folder, name));
        }

        File.SetUnixFileMode(Path.Combine(folder, "tmp"), (UnixFileMode)0b001_111_111_111);
        File.Copy(Busybox, Path.Combine(folder, "bin/busybox"));
        foreach (string applet in (await HostCommand.OutputAsync(Busybox, "--list")).Split('\n').Where(applet => applet != "busybox"))
        {
            _ = File.CreateSymbolicLink(Path.Combine(folder, "bin", applet), "busybox");
        }

        File.WriteAllText(Path.Combine(folder, "etc/passwd"), $"root:x:0:0::/root:/bin/sh\n{User}:x:1000:1000::/tmp:/bin/sh\n");
        File.WriteAllText(Path.Combine(folder, "etc/group"), $"root:x:0:\n{User}:x:1000:\n");
    }
}
