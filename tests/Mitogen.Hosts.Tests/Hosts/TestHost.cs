namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>What <c>tests/hosts/setup</c> made of this machine.</summary>
internal static class TestHost
{
    private const string PasswordFile = "/var/lib/mitogen-test-hosts/password";

    /// <summary>One user for each login shell, who may become nobody else.</summary>
    public static IReadOnlyList<string> ShellUsers { get; } =
        ["mito-bash", "mito-dash", "mito-zsh", "mito-ksh", "mito-csh", "mito-fish", "mito-ash"];

    /// <summary>Who may become anybody with the password.</summary>
    public const string PasswordUser = "mito-sudo";

    /// <summary>Who may become anybody.</summary>
    public const string FreeUser = "mito-nopasswd";

    /// <summary>Who may become nobody.</summary>
    public const string DeniedUser = "mito-bash";

    /// <summary>Whose password has expired, and who may become anybody otherwise.</summary>
    public const string StaleUser = "mito-stale";

    /// <summary>Whose account has ended, likewise.</summary>
    public const string EndedUser = "mito-ended";

    /// <summary>Whose shell says that the account is not available.</summary>
    public const string NoLoginUser = "mito-nologin";

    /// <summary>Whose shell ends without a word.</summary>
    public const string FalseShellUser = "mito-false";

    /// <summary>Who may run a shell as root that can start no program.</summary>
    public const string ShellOnlyUser = "mito-dash";

    public static IReadOnlyList<string> Users { get; } = [.. ShellUsers, PasswordUser, FreeUser];

    public static bool AreUsersThere => File.Exists(PasswordFile);

    /// <summary>The password of all of them.</summary>
    public static string Password => File.ReadAllText(PasswordFile).Trim();

    /// <summary>The same, or nothing where the users were not made: for what is made before a test can skip.</summary>
    public static string PasswordOrNone => AreUsersThere ? Password : "";

    /// <summary>Why tests that need these tools cannot run here; null when they can.</summary>
    public static string? WhyNot(params string[] tools)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "needs root";
        }

        string[] missing = [.. tools.Where(tool => HostCommand.Find(tool) is null)];
        return missing.Length > 0 || !AreUsersThere
            ? $"needs tests/hosts/setup to be run ({(missing.Length > 0 ? string.Join(", ", missing) : "users")})"
            : null;
    }

    /// <summary>Skips the test, with the reason, where it cannot run.</summary>
    public static void Needs(params string[] tools)
    {
        if (WhyNot(tools) is { } reason)
        {
            Assert.Skip(reason);
        }
    }
}
