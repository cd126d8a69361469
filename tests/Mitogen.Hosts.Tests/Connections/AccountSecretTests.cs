namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Real sudo, su and doas, and users whose own files ask for the password.</summary>
public sealed class AccountSecretTests : ConnectionTest
{
    private const string Secret = "n0t-for-the-other-user";

    // Prints what each tool asks for, sudo's prompt as it stands in its arguments, and takes a line of what is typed then.
    private const string Asks = """
        cat /proc/[0-9]*/cmdline 2> /dev/null | grep -ao '\[mitogen:[0-9a-f]*\]' > FOLDER/prompts
        for prompt in "$(head -n 1 FOLDER/prompts)" 'Password: ' 'doas (x@y) password: '; do
          printf '%s' "$prompt" >&2
          IFS= read -r -t 2 answer && echo "$answer" >> FOLDER/got
        done
        echo >&2
        touch FOLDER/asked
        """;

    /// <summary>Without a question of the tool's own, because root calls it.</summary>
    public static TheoryData<Connection> Ways { get; } =
    [
        new SudoConnection { User = "mito-bash", Login = true, Password = Secret },
        new SuConnection { User = "mito-bash", Login = true, Password = Secret },
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_login_shell_that_asks_as_the_tool_does_gets_nothing(Connection connection)
    {
        TestHost.Needs("sudo", "su");
        await using Profile profile = await Profile.ReplaceAsync("/home/mito-bash/.bash_profile", "mito-bash", Asks);
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        await AnswersAsync(context, "mito-bash");
        profile.AssertAskedAndGotNothing();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_login_nothing_of_the_user_asks_before_the_first_word(bool bySudo)
    {
        TestHost.Needs("sudo", "su", "tcsh");
        await using Profile profile = await Profile.ReplaceAsync(
            "/home/mito-csh/.cshrc", "mito-csh", "printf 'Password: ' > /dev/stderr; set answer = $<:q; echo \"$answer\" >> FOLDER/got; touch FOLDER/asked");
        await using MitogenRoot root = await CreateRootAsync();
        Connection connection = bySudo ? new SudoConnection { User = "mito-csh", Password = Secret } : new SuConnection { User = "mito-csh", Password = Secret };
        await using IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        await AnswersAsync(context, "mito-csh");
        profile.AssertDidNotAsk();
    }

    [Fact]
    public async Task A_shell_that_su_insists_on_is_answered_nothing()
    {
        TestHost.Needs("su", "tcsh");
        await using Profile profile = await Profile.ReplaceAsync(
            "/home/mito-csh/.cshrc", "mito-csh", "printf 'Another: ' > /dev/stderr; touch FOLDER/asked");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext asker = await root.ConnectAsync(new SudoConnection { User = TestHost.DeniedUser }, Cancellation);

        // Its shell, /bin/csh, is in nobody's list of login shells.
        await using IRemoteContext context = await asker.ConnectAsync(new SuConnection { User = "mito-csh", Password = TestHost.Password }, Cancellation);
        await AnswersAsync(context, "mito-csh");
        profile.AssertAskedAndGotNothing();

        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(
            () => asker.ConnectAsync(new SuConnection { User = "mito-csh", Login = true, Password = TestHost.Password }, Cancellation));
        Assert.True(failure.Reason == BootstrapReason.NotAllowed, failure.ToString());
        Assert.Contains("/etc/shells", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Busybox_asks_on_its_standard_output()
    {
        TestHost.Needs("su", "busybox");
        string folder = Directory.CreateTempSubdirectory("test-busybox-").FullName;
        try
        {
            // It has to be root's, and to run as such.
            string su = Path.Combine(folder, "su");
            File.Copy("/bin/busybox", su);
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(su, UnixFileMode.SetUser | (UnixFileMode)0b111_101_101);
            await using MitogenRoot root = await CreateRootAsync();
            await using IRemoteContext asker = await root.ConnectAsync(new SudoConnection { User = TestHost.DeniedUser }, Cancellation);
            foreach (bool login in (bool[])[false, true])
            {
                SuConnection connection = new() { SuPath = su, User = "mito-dash", Login = login, Password = TestHost.Password };
                await using IRemoteContext context = await asker.ConnectAsync(connection, Cancellation);
                await AnswersAsync(context, "mito-dash");
                HostListing target = await HostListing.OfUsersAsync(TestHost.DeniedUser);
                _ = await FailsAsync(asker, connection with { Password = "wrong" }, BootstrapReason.PasswordWrong, target);
                _ = await FailsAsync(asker, connection with { Password = null }, BootstrapReason.PasswordRequired, target);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(TestHost.StaleUser)]
    [InlineData(TestHost.EndedUser)]
    public async Task What_has_expired_is_told_as_that(string user)
    {
        TestHost.Needs("sudo", "su", "doas");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext self = await root.ConnectAsync(new SudoConnection { User = user }, Cancellation);
        await using IRemoteContext other = await root.ConnectAsync(new SudoConnection { User = TestHost.DeniedUser }, Cancellation);
        HostListing target = await HostListing.OfUsersAsync(user, TestHost.DeniedUser);
        _ = await FailsAsync(self, new SudoConnection { Password = TestHost.Password }, BootstrapReason.Expired, target);
        _ = await FailsAsync(self, new DoasConnection { Password = TestHost.Password }, BootstrapReason.Expired, target);
        _ = await FailsAsync(other, new SuConnection { User = user, Password = TestHost.Password }, BootstrapReason.Expired, target);
        _ = await FailsAsync(root, new SuConnection { User = user }, BootstrapReason.Expired, target);
    }

    [Fact]
    public async Task A_rule_by_which_a_shell_can_start_nothing_is_told()
    {
        TestHost.Needs("sudo");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext asker = await root.ConnectAsync(new SudoConnection { User = TestHost.ShellOnlyUser }, Cancellation);
        BootstrapException failure = await FailsAsync(
            asker, new SudoConnection(), BootstrapReason.NotAllowed, await HostListing.OfUsersAsync(TestHost.ShellOnlyUser));
        Assert.Contains("noexec", failure.Detail, StringComparison.Ordinal);
    }

    /// <summary>A file of a user that a shell runs, in the place of another one, and what it wrote.</summary>
    private sealed class Profile : IAsyncDisposable
    {
        private readonly string _folder;
        private readonly string _file;
        private readonly byte[]? _kept;

        private Profile(string folder, string file, byte[]? kept)
        {
            _folder = folder;
            _file = file;
            _kept = kept;
        }

        public static async Task<Profile> ReplaceAsync(string file, string user, string text)
        {
            string folder = Directory.CreateTempSubdirectory("test-profile-").FullName;
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            Profile profile = new(folder, file, File.Exists(file) ? await File.ReadAllBytesAsync(file) : null);
            await File.WriteAllTextAsync(file, text.Replace("FOLDER", folder, StringComparison.Ordinal) + "\n");
            _ = await HostCommand.OutputAsync("chown", user, file);
            return profile;
        }

        public void AssertAskedAndGotNothing()
        {
            Assert.True(File.Exists(Path.Combine(_folder, "asked")));
            string got = Path.Combine(_folder, "got");
            Assert.False(File.Exists(got) && File.ReadAllText(got) is var text && text.Trim().Length > 0, "It got something.");
        }

        public void AssertDidNotAsk() => Assert.False(File.Exists(Path.Combine(_folder, "asked")));

        public async ValueTask DisposeAsync()
        {
            if (_kept is null)
            {
                File.Delete(_file);
            }
            else
            {
                await File.WriteAllBytesAsync(_file, _kept);
            }

            Directory.Delete(_folder, recursive: true);
        }
    }
}
