using Mitogen.NativeProgram;
using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Contexts behind OpenSSH, for users of every login shell.</summary>
public sealed class SshConnectionTests(SshServer server) : ConnectionTest, IClassFixture<SshServer>
{
    public static TheoryData<string> Users => [.. TestHost.ShellUsers];

    [Theory]
    [MemberData(nameof(Users))]
    public async Task A_context_comes_up_for_every_login_shell_and_leaves_nothing(string user)
    {
        server.SkipUnlessThere();
        HostListing before = await HostListing.OfUsersAsync(user);
        foreach (ExecutableKind executable in (ExecutableKind[])[ExecutableKind.Managed, ExecutableKind.Native])
        {
            await using MitogenRoot root = await CreateRootAsync(executable);
            await using IRemoteContext context = await root.ConnectAsync(Ssh(user) with { Executable = executable }, Cancellation);
            await AnswersAsync(context, user);
        }

        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task A_password_is_typed_at_its_prompt_and_is_seen_nowhere()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(ByPassword(TestHost.Password), Cancellation);
        await AnswersAsync(context, TestHost.DeniedUser);
    }

    [Fact]
    public async Task Each_failure_has_its_reason()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = await CreateRootAsync();
        HostListing target = await HostListing.OfUsersAsync(TestHost.DeniedUser);
        SshConnection good = Ssh(TestHost.DeniedUser) with { ConnectTimeout = TimeSpan.FromSeconds(10) };
        _ = await FailsAsync(root, good with { SshPath = "/nowhere/ssh" }, BootstrapReason.ToolNotFound, target);
        _ = await FailsAsync(root, good with { Host = "nowhere.invalid" }, BootstrapReason.NameNotFound, target);
        _ = await FailsAsync(root, good with { Port = 1 }, BootstrapReason.Refused, target);
        _ = await FailsAsync(root, good with { KnownHostsFile = server.EmptyHostsFile }, BootstrapReason.HostKeyUnknown, target);
        _ = await FailsAsync(root, good with { KnownHostsFile = server.ChangedHostsFile }, BootstrapReason.HostKeyChanged, target);
        _ = await FailsAsync(root, good with { User = "root" }, BootstrapReason.AuthenticationFailed, target);
        _ = await FailsAsync(root, good with { User = TestHost.NoLoginUser }, BootstrapReason.NotAllowed, target);
        _ = await FailsAsync(root, good with { User = TestHost.FalseShellUser }, BootstrapReason.NotAllowed, target);
        _ = await FailsAsync(root, ByPassword(null), BootstrapReason.PasswordRequired, target);
        _ = await FailsAsync(root, ByPassword("wrong"), BootstrapReason.PasswordWrong, target);

        // What came before has left the root as it was.
        await using IRemoteContext context = await root.ConnectAsync(good, Cancellation);
        await AnswersAsync(context);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_within_the_time()
    {
        server.SkipUnlessThere();
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using MitogenRoot root = await CreateRootAsync();
        SshConnection connection = Ssh(TestHost.DeniedUser) with
        {
            Port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port,
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };
        _ = await FailsAsync(root, connection, BootstrapReason.TimedOut, await HostListing.OfUsersAsync(TestHost.DeniedUser));
    }

    [Theory]
    [InlineData("echo Welcome; echo 'mitogen: not ours' ; echo more >&2", true)]
    [InlineData("sleep 1; cd /proc/1 2>/dev/null", true)]
    [InlineData("set -x; PS4='$ '", true)]
    [InlineData("echo go away; exit 3", false)]
    public async Task What_a_profile_does_is_no_matter_or_told(string profile, bool works)
    {
        server.SkipUnlessThere();
        await WithProfileAsync(profile, async () =>
        {
            await using MitogenRoot root = await CreateRootAsync();
            if (works)
            {
                await using IRemoteContext context = await root.ConnectAsync(Ssh("mito-bash"), Cancellation);
                await AnswersAsync(context);
            }
            else
            {
                BootstrapException failure = await FailsAsync(
                    root, Ssh("mito-bash"), BootstrapReason.NotAllowed, await HostListing.OfUsersAsync("mito-bash"));
                Assert.Contains("go away", failure.LastLines);
                Assert.Contains("(exit)", failure.Detail, StringComparison.Ordinal);
            }
        });
    }

    [Theory]
    [InlineData("git@github.com: Permission denied (publickey).", "exit 1")]
    [InlineData("Host key verification failed.", "exit 255")]
    [InlineData("kex_exchange_identification: Connection closed by remote host", "exit 255")]
    [InlineData("Your account has expired; please contact your system administrator.", "exit 255")]
    [InlineData("WARNING: Your password has expired.", "exit 1")]
    [InlineData("Host key verification failed.", "seq 2000 >&2; echo 'Host key verification failed.' >&2; exit 255")]
    public async Task What_a_profile_says_in_the_words_of_ssh_is_not_taken_for_those(string words, string end)
    {
        server.SkipUnlessThere();
        await WithProfileAsync($"echo '{words}' >&2; {end}", async () =>
        {
            await using MitogenRoot root = await CreateRootAsync();
            BootstrapException failure = await FailsAsync(
                root, Ssh("mito-bash"), end == "exit 1" ? BootstrapReason.NotAllowed : BootstrapReason.ExitedEarly, await HostListing.OfUsersAsync("mito-bash"));
            Assert.Contains(words, failure.LastLines);
        });
    }

    [Fact]
    public async Task A_profile_that_hangs_is_told_as_that_whatever_it_said()
    {
        server.SkipUnlessThere();
        await WithProfileAsync("echo 'ssh: connect to host db port 22: Connection refused' >&2; sleep 4", async () =>
        {
            await using MitogenRoot root = await CreateRootAsync();
            SshConnection ssh = Ssh("mito-bash") with { ConnectTimeout = TimeSpan.FromSeconds(3) };
            BootstrapException failure = await FailsAsync(root, ssh, BootstrapReason.TimedOut, await HostListing.OfUsersAsync("mito-bash"));
            Assert.DoesNotContain(failure.LastLines, line => line.Contains("Killed by signal", StringComparison.Ordinal));
        });
    }

    private static async Task WithProfileAsync(string profile, Func<Task> test)
    {
        const string Profile = "/home/mito-bash/.bashrc";
        string kept = await File.ReadAllTextAsync(Profile, Cancellation);
        await File.WriteAllTextAsync(Profile, profile + "\n" + kept, Cancellation);
        try
        {
            await test();
        }
        finally
        {
            await File.WriteAllTextAsync(Profile, kept, Cancellation);
        }
    }

    [Fact]
    public async Task An_executable_that_is_kept_on_the_target_is_sent_once_and_only_run_if_it_is_the_same()
    {
        server.SkipUnlessThere();
        const string User = "mito-dash";
        const string Cache = $"/home/{User}/.cache/mitogen";
        HostListing before = await HostListing.OfUsersAsync(User);
        bool hadParent = Directory.Exists(Path.GetDirectoryName(Cache));
        List<long> sent = [];
        try
        {
            await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
            for (int round = 0; round < 3; round++)
            {
                string log = Path.Combine(Path.GetTempPath(), "test-ssh-" + Guid.NewGuid().ToString("N"));
                SshConnection connection = Ssh(User) with { CacheExecutable = true, Options = ["-v", "-E", log] };
                await using (IRemoteContext context = await root.ConnectAsync(connection, Cancellation))
                {
                    await AnswersAsync(context, User);
                }

                string told = (await File.ReadAllLinesAsync(log, Cancellation)).Single(line => line.Contains("Transferred: sent", StringComparison.Ordinal));
                sent.Add(long.Parse(told.Split(' ', ',')[2], System.Globalization.CultureInfo.InvariantCulture));
                File.Delete(log);

                string kept = Assert.Single(Directory.GetFiles(Cache));
                Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Cache));
                if (round == 1)
                {
                    await File.AppendAllTextAsync(kept, "changed", Cancellation);
                }
            }
        }
        finally
        {
            Directory.Delete(hadParent ? Cache : Path.GetDirectoryName(Cache)!, recursive: true);
        }

        Assert.True(sent[1] < 100_000 && sent[0] > 1_000_000 && sent[2] > 1_000_000, string.Join(", ", sent));
        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task A_chain_of_three_hops_works_in_steps_and_in_one_expression()
    {
        server.SkipUnlessThere();
        TestHost.Needs("sudo");
        HostListing before = await HostListing.OfUsersAsync(TestHost.FreeUser, "mito-dash");
        await using (MitogenRoot root = await CreateRootAsync())
        {
            IRemoteContext web = await root.ConnectAsync(Ssh(TestHost.FreeUser), Cancellation);
            IRemoteContext admin = await web.ConnectAsync(new SudoConnection(), Cancellation);
            IRemoteContext user = await admin.ConnectAsync(new SuConnection { User = "mito-dash" }, Cancellation);
            await AnswersAsync(user, "mito-dash");

            INativeShapes shapes = root.Through(Ssh(TestHost.FreeUser)).Through(new SudoConnection()).Through(new SuConnection { User = "mito-dash" })
                .Get<INativeShapes>();
            Assert.Equal("well", await shapes.EchoAsync("well"));

            IRemoteContext[] many = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => web.ConnectAsync(new SudoConnection(), Cancellation)));
            Assert.Equal(many.Length, (await Task.WhenAll(many.Select(one => one.Get<INativeShapes>().AddAsync(1).AsTask()))).Length);
        }

        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task A_failure_at_a_hop_names_the_hop_and_reads_the_same()
    {
        server.SkipUnlessThere();
        TestHost.Needs("sudo");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext web = await root.ConnectAsync(Ssh(TestHost.PasswordUser) with { Name = "web" }, Cancellation);

        HostListing target = await HostListing.OfUsersAsync(TestHost.PasswordUser);
        BootstrapException failure = await FailsAsync(web, new SudoConnection(), BootstrapReason.PasswordRequired, target);

        Assert.Contains("SudoConnection.Password", failure.Message, StringComparison.Ordinal);
        _ = await FailsAsync(web, new SudoConnection { Password = "wrong" }, BootstrapReason.PasswordWrong, target);
        await using IRemoteContext admin = await web.ConnectAsync(new SudoConnection { Password = TestHost.Password }, Cancellation);
        await AnswersAsync(admin, "root");
    }

    [Fact]
    public async Task Losing_the_server_ends_the_context_on_both_sides()
    {
        server.SkipUnlessThere();
        HostListing before = await HostListing.OfUsersAsync("mito-ksh");
        await using MitogenRoot root = await CreateRootAsync();
        IRemoteContext context = await root.ConnectAsync(Ssh("mito-ksh"), Cancellation);
        await AnswersAsync(context);

        // The ssh of this side: as a cut cable to the other side.
        string ssh = await HostCommand.OutputAsync("pgrep", "-P", $"{Environment.ProcessId}", "-x", "ssh");
        _ = await HostCommand.OutputAsync("kill", "-9", ssh);

        await Assert.ThrowsAsync<ContextLostException>(() => context.Get<INativeShapes>().WaitAsync(Cancellation).AsTask());
        Assert.Equal(DisconnectKind.ToolEnded, context.DisconnectReason?.Kind);
        await before.AssertUnchangedAsync();
    }

    [Theory]
    [InlineData("the context", DisconnectKind.Exited, "ssh does not tell which")]
    [InlineData("its server", DisconnectKind.LinkBroken, "The connection to it was lost")]
    [InlineData("ssh", DisconnectKind.ToolEnded, "Killed by signal 15")]
    public async Task What_was_killed_is_told(string what, DisconnectKind kind, string words)
    {
        server.SkipUnlessThere();
        HostListing before = await HostListing.OfUsersAsync("mito-dash");
        await using MitogenRoot root = await CreateRootAsync();
        IRemoteContext context = await root.ConnectAsync(Ssh("mito-dash"), Cancellation);
        await AnswersAsync(context);
        int id = context.Info.ProcessId;

        _ = what switch
        {
            "the context" => await HostCommand.OutputAsync("kill", "-9", $"{id}"),
            "its server" => await HostCommand.OutputAsync("kill", "-9", $"{ProcessTable.ParentOf(id)}"),
            _ => await HostCommand.OutputAsync("kill", await HostCommand.OutputAsync("pgrep", "-P", $"{Environment.ProcessId}", "-x", "ssh")),
        };

        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => context.Get<INativeShapes>().WaitAsync(Cancellation).AsTask());
        Assert.True(lost.Reason.Kind == kind, lost.ToString());
        Assert.Contains(words, lost.Message, StringComparison.Ordinal);
        Assert.Null(lost.Reason.ExitCode);
        Assert.DoesNotContain("Transferred", lost.Message, StringComparison.Ordinal);
        await before.AssertUnchangedAsync();
    }

    private SshConnection Ssh(string user) => new(SshServer.Host)
    {
        Port = server.Port,
        User = user,
        IdentityFile = server.IdentityFile,
        KnownHostsFile = server.KnownHostsFile,
        ConfigFile = "none",
    };

    private SshConnection ByPassword(string? password) => Ssh(TestHost.DeniedUser) with
    {
        IdentityFile = null,
        Password = password,
        Options = ["-o", "PubkeyAuthentication=no"],
    };
}
