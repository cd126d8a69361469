using Mitogen;

namespace Benchmarks.Hosts;

/// <summary>The benchmark's sshd, by the plain tool and by a context, as a user of the test hosts: with the profile that Debian gives a new user.</summary>
internal static class Ssh
{
    public const string Host = "127.0.0.1";

    public const string User = "mito-bash";

    public static SshConnection Connection(int port, string key) => new(Host)
    {
        User = User,
        Port = port,
        IdentityFile = key,
        ConfigFile = "none",
        HostKeyPolicy = HostKeyPolicy.Ignore,
    };

    public static Task<double> TrueAsync(int port, string key) => Timing.OfProcessAsync(
        "ssh", "-F", "none", "-i", key, "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-o", "IdentitiesOnly=yes",
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", $"{User}@{Host}", "true");
}
