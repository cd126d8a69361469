using Mitogen.Connections;
using Mitogen.Processes;
using Mitogen.Starting;
using Mitogen.Starting.Tools;

namespace Mitogen.Runtime.Tests.Starting.Tools;

/// <summary>Each connection's command line, its questions, and what the tool's last words mean.</summary>
public sealed class ToolTests
{
    public static TheoryData<Connection, string> CommandLines { get; } = new()
    {
        { new SudoConnection(), "sudo|-S|-p|[mitogen:m]|-u|root|--|/bin/sh|-c|SCRIPT" },
        {
            new SudoConnection { User = "app", Login = true, PreserveEnvironment = true, SelinuxRole = "r", SelinuxType = "t", SudoPath = "/x/sudo" },
            "/x/sudo|-S|-p|[mitogen:m]|-u|app|-H|-E|-r|r|-t|t|--|/bin/sh|-c|" + StageScripts.Introduction("m")
        },
        { new SuConnection(), "su|-s|/bin/sh|root|-c|exec sh -c 'SCRIPT'" },
        { new SuConnection { User = "app", Login = true }, "su|-l|-s|/usr/bin/env|--|app|/bin/sh|-c|" + StageScripts.Introduction("m") },
        { new DoasConnection(), "doas|-n|-u|root|--|sh|-c|SCRIPT" },
        { new DoasConnection { User = "app", Password = "x" }, "doas|-u|app|--|sh|-c|SCRIPT" },
        { new DockerConnection("web"), "docker|exec|-i|web|sh|-c|SCRIPT" },
        { new DockerConnection("web") { User = "app", Options = ["-w", "/srv"] }, "docker|exec|-i|-u|app|-w|/srv|web|sh|-c|SCRIPT" },
        { new DockerConnection { Image = "debian" }, "docker|run|--rm|-i|--entrypoint|sh|debian|-c|SCRIPT" },
        { new PodmanConnection("web") { PodmanPath = "/x/podman" }, "/x/podman|exec|-i|web|sh|-c|SCRIPT" },
        { new KubernetesConnection("web-0"), "kubectl|exec|-i|web-0|--|sh|-c|SCRIPT" },
        {
            new KubernetesConnection("web-0") { Container = "app", Namespace = "prod", KubectlContext = "east" },
            "kubectl|exec|-i|--context|east|-n|prod|web-0|-c|app|--|sh|-c|SCRIPT"
        },
        { new LxcConnection("web"), "lxc-attach|-n|web|--|sh|-c|SCRIPT" },
        { new IncusConnection("web"), "incus|exec|--mode=non-interactive|web|--|sh|-c|SCRIPT" },
        { new NamespaceConnection(42), "nsenter|-t|42|-m|-u|-i|-n|-p|--|sh|-c|SCRIPT" },
        { new ExecConnection("chroot", "/srv/root"), "chroot|/srv/root|sh|-c|SCRIPT" },
    };

    public static TheoryData<Connection, string, BootstrapReason> LastWords { get; } = new()
    {
        { Ssh(), "ssh: Could not resolve hostname web1: Name or service not known", BootstrapReason.NameNotFound },
        { Ssh(), "ssh: connect to host web1 port 22: Connection refused", BootstrapReason.Refused },
        { Ssh(), "ssh: connect to host web1 port 22: No route to host", BootstrapReason.Refused },
        { Ssh(), "ssh: connect to host web1 port 22: Connection timed out", BootstrapReason.TimedOut },
        { Ssh(), "Host key verification failed.", BootstrapReason.HostKeyUnknown },
        { Ssh(), "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @|Host key verification failed.", BootstrapReason.HostKeyChanged },
        { Ssh(), "deploy@web1: Permission denied (publickey).", BootstrapReason.AuthenticationFailed },
        { Ssh(), "deploy@web1: Permission denied (publickey,password).", BootstrapReason.PasswordRequired },
        { new SudoConnection { Password = "x" }, "sudo-rs: Maximum 3 incorrect authentication attempts", BootstrapReason.PasswordWrong },
        { new SudoConnection { Password = "x" }, "[sudo: [mitogen:m]] Password: |sudo: Authentication failed, try again.", BootstrapReason.PasswordWrong },
        { new SudoConnection(), "sudo-rs: I'm sorry d. I'm afraid I can't do that", BootstrapReason.NotAllowed },
        { new SudoConnection(), "sudo-rs: user 'no' not found", BootstrapReason.NotAllowed },
        { new SudoConnection(), "sudo-rs: interactive authentication is required", BootstrapReason.PasswordRequired },
        { new SudoConnection { Password = "x" }, "[mitogen:m]sudo: account validation failure, is your account locked?|sudo: a password is required", BootstrapReason.Expired },
        { new SuConnection { Password = "x" }, "Password: Your account has expired; please contact your system administrator.|su: Authentication failure", BootstrapReason.Expired },
        { new SuConnection { Password = "x" }, "Password: su: Authentication failure", BootstrapReason.PasswordWrong },
        { new SuConnection { Password = "x" }, "su: using restricted shell|su: can't execute '/usr/sbin/nologin': No such file or directory", BootstrapReason.NotAllowed },
        { new SuConnection { Password = "x" }, "su: using restricted shell /usr/sbin/nologin", BootstrapReason.NotAllowed },
        { new SuConnection { Password = "x" }, "su: bad salt", BootstrapReason.NotAllowed },
        { new DoasConnection { Password = "x" }, "Your account has expired; please contact your system administrator.|doas: Authentication failed", BootstrapReason.Expired },
        { Ssh(), "Your account has expired; please contact your system administrator.|Connection closed by 192.0.2.1 port 22", BootstrapReason.Expired },
        { new KubernetesConnection("web-0"), "error: context \"east\" does not exist", BootstrapReason.Refused },
        { new SudoConnection(), "x is not in the sudoers file.", BootstrapReason.NotAllowed },
        { new SudoConnection { Password = "x" }, "sudo: 1 incorrect password attempt", BootstrapReason.PasswordWrong },
        { new SuConnection { Password = "x" }, "su: Authentication failure", BootstrapReason.PasswordWrong },
        { new SuConnection { User = "no" }, "su: user no does not exist or the user entry does not contain all the required fields", BootstrapReason.NotAllowed },
        { new DoasConnection(), "doas: Authentication required", BootstrapReason.PasswordRequired },
        { new DoasConnection { Password = "x" }, "doas: Authentication failed", BootstrapReason.PasswordWrong },
        { new DoasConnection(), "doas: Operation not permitted", BootstrapReason.NotAllowed },
        { new DockerConnection("web"), "Error response from daemon: No such container: web", BootstrapReason.NoSuchContainer },
        { new DockerConnection("web"), "Error response from daemon: container 1a is not running", BootstrapReason.NoSuchContainer },
        { new DockerConnection("web"), "OCI runtime exec failed: exec: \"sh\": executable file not found in $PATH: unknown", BootstrapReason.ToolNotFound },
        {
            new DockerConnection("web"),
            "OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd (\"/none\") set in config.json failed: no such file or directory: unknown",
            BootstrapReason.NotAllowed
        },
        {
            new DockerConnection("web"),
            "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock", BootstrapReason.NotAllowed
        },
        { new DockerConnection("web"), "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", BootstrapReason.Refused },
        { new KubernetesConnection("web-0"), "Error from server (NotFound): pods \"web-0\" not found", BootstrapReason.NoSuchContainer },
        { new KubernetesConnection("web-0"), "Error from server (Forbidden): pods \"web-0\" is forbidden", BootstrapReason.NotAllowed },
        { new LxcConnection("web"), "lxc-attach: web: attach.c: get_attach_context: Failed to get init pid", BootstrapReason.NoSuchContainer },
        { new NamespaceConnection(42), "nsenter: cannot open /proc/42/ns/ipc: No such file or directory", BootstrapReason.NoSuchContainer },
        { new NspawnConnection("web"), "No machine 'web' known", BootstrapReason.NoSuchContainer },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void A_connection_is_this_command(Connection connection, string line)
    {
        Tool tool = ConnectionKinds.FindTool(connection, "m")!;
        Assert.Equal(line, string.Join("|", [tool.File, .. tool.Arguments("SCRIPT")]));
    }

    [Fact]
    public void Ssh_takes_its_options_in_front_of_the_users()
    {
        SshConnection connection = new("web1")
        {
            User = "deploy",
            Port = 2222,
            IdentityFile = "/k",
            ConfigFile = "/c",
            Compression = true,
            HostKeyPolicy = HostKeyPolicy.AcceptNew,
            KnownHostsFile = "/h",
            KeepAlive = TimeSpan.FromSeconds(7),
            Options = ["-J", "jump"],
            ConnectTimeout = TimeSpan.FromSeconds(9.5),
        };

        string line = string.Join(' ', ConnectionKinds.FindTool(connection, "m")!.Arguments("SCRIPT"));

        foreach (string part in (string[])["-F /c", "-l deploy", "-p 2222", "-i /k -o IdentitiesOnly=yes", " -C ", "-o ControlMaster=no", "-o ControlPath=none",
            "-o PermitLocalCommand=no", "-o ClearAllForwardings=yes", "-o StrictHostKeyChecking=accept-new", "-o LogLevel=VERBOSE", "-o UserKnownHostsFile=/h", "-o ServerAliveInterval=7", "-o BatchMode=yes", "-o ConnectTimeout=10"])
        {
            Assert.Contains(part, line, StringComparison.Ordinal);
        }

        Assert.EndsWith("-J jump -- web1 exec sh -c 'SCRIPT'", line, StringComparison.Ordinal);
        Assert.Contains("StrictHostKeyChecking=yes", string.Join(' ', ConnectionKinds.FindTool(new SshConnection("web1"), "m")!.Arguments("SCRIPT")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-L", "8080:localhost:80")]
    [InlineData("-R8080:localhost:80", "-4")]
    [InlineData("-o", "DynamicForward=1080")]
    public void Forwards_that_the_connection_itself_asks_for_are_kept(string first, string second)
    {
        SshConnection connection = Ssh() with { Options = [first, second] };
        Assert.DoesNotContain("ClearAllForwardings=yes", ConnectionKinds.FindTool(connection, "m")!.Arguments("SCRIPT"));
    }

    [Fact]
    public void A_connection_without_a_host_is_none() => Assert.Throws<ArgumentException>(() => ConnectionKinds.FindTool(new SshConnection(""), "m"));

    /// <summary>Lines of ssh, and words of the message about a way by another host and about one without.</summary>
    public static TheoryData<string, string, string> PlacesOfFailures { get; } = new()
    {
        { "ssh: connect to host jump port 22: Connection refused", "jump, port 22 (on the way) refuses", "jump, port 22 refuses" },
        { "ssh: connect to host jump port 22: No route to host", "no route to jump, port 22 (on the way).", "no route to jump, port 22." },
        { Changed("[jump]:2222"), "[jump]:2222, which is on the way, is not", "[jump]:2222 is not" },
        { Changed("[web1]:2200"), "(ssh-keygen -f \"/my hosts\" -R \"[web1]:2200\")", "of [web1]:2200 is not" },
        {
            "No ED25519 host key is known for [web1]:2200 and you have requested strict checking.|Host key verification failed.",
            "[web1]:2200 is not known. Compare its fingerprint", "[web1]:2200 is not known"
        },
    };

    [Theory]
    [MemberData(nameof(PlacesOfFailures))]
    public void The_host_that_a_failure_is_about_is_named(string lines, string behind, string direct)
    {
        SshRoute route = new("deploy", "web1", "jump", IsProxied: true, NamesAsker: true) { HostName = "web1", Port = "2200" };
        LaunchEnd end = new(new ChildExit(255, null), lines.Split('|'));
        Assert.Contains(behind, new SshWords(Ssh(), route).Explain(end)?.Message, StringComparison.Ordinal);
        Assert.Contains(direct, new SshWords(Ssh(), route with { Jumps = null, IsProxied = false }).Explain(end)?.Message, StringComparison.Ordinal);
    }

    private static string Changed(string host) =>
        "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @|Offending ED25519 key in /my hosts:3|" +
        $"Host key for {host} has changed and you have requested strict checking.|Host key verification failed.";

    [Theory]
    [MemberData(nameof(LastWords))]
    public void Last_words_have_a_reason(Connection connection, string lines, BootstrapReason reason)
    {
        LaunchProblem? problem = ConnectionKinds.FindTool(connection, "m")!.Explain(new LaunchEnd(Failed(connection), lines.Split('|')));
        Assert.Equal(reason, problem?.Reason);
    }

    /// <summary>Lines of ssh and of what runs behind it, how ssh ended, and the reason if there is one.</summary>
    public static TheoryData<string, int?, BootstrapReason?> WordsBehindSsh { get; } = new()
    {
        { "WELCOME|git@github.com: Permission denied (publickey).", 1, null },
        { "WELCOME|git@github.com: Permission denied (publickey).", 255, null },
        { "WELCOME|Host key verification failed.", 255, null },
        { "WELCOME|ssh: connect to host db port 22: Connection refused", null, null },
        { "WELCOME|kex_exchange_identification: Connection closed by remote host", 255, null },
        { "WELCOME|Your account has expired; please contact your system administrator.", 255, null },
        { "WELCOME|WARNING: Your password has expired.", 1, null },
        { "WELCOME|ssh: Could not resolve hostname otherhost: Name or service not known", 255, null },
        { "WELCOME|motd|channel 0: open failed: administratively prohibited: open failed", 255, null },
        { "Authenticated to web1 ([192.0.2.1]:22).|Host key verification failed.", 255, null },
        { "Authenticated to web1 (via proxy).|Host key verification failed.", 255, null },
        { "ssh: Could not resolve hostname otherhost: Name or service not known", 1, null },
        { "ssh: Could not resolve hostname web1: Name or service not known", null, BootstrapReason.NameNotFound },
        { "WELCOME|channel 0: open failed: administratively prohibited: open failed", 255, BootstrapReason.NotAllowed },
        { "WELCOME|WARNING: Your password has expired.|Password change required but no TTY available.", 1, BootstrapReason.Expired },
        { "WELCOME|hello|bash: line 1: exec: sh: not found", 127, BootstrapReason.ToolNotFound },
        { "WELCOME|/bin/dash: 1: exec: sh: not found", 127, BootstrapReason.ToolNotFound },
        { "WELCOME|ksh: exec: sh: not found", 127, BootstrapReason.ToolNotFound },
        { "WELCOME|zsh:1: command not found: sh", 127, BootstrapReason.ToolNotFound },
        { "WELCOME|sh: Command not found.", 1, BootstrapReason.ToolNotFound },
        { "WELCOME|fish: Unknown command: sh|fish: |exec sh -c 'true'|     ^^", 127, BootstrapReason.ToolNotFound },
        { "WELCOME|zsh:1: command not found: sh", 255, null },
    };

    [Theory]
    [MemberData(nameof(WordsBehindSsh))]
    public void What_is_said_behind_the_login_of_ssh_is_not_its_word(string lines, int? code, BootstrapReason? reason)
    {
        string[] all = lines.Replace("WELCOME", "Authenticated to web1 ([192.0.2.1]:22) using \"publickey\".", StringComparison.Ordinal).Split('|');
        Assert.Equal(reason, ConnectionKinds.FindTool(Ssh(), "m")!.Explain(new LaunchEnd(new ChildExit(code, null), all))?.Reason);
    }

    [Fact]
    public void What_ended_behind_the_login_of_ssh_may_be_another_command()
    {
        LaunchEnd end = new(new ChildExit(0, null), ["Authenticated to web1 (via proxy) using \"password\"."]) { Output = ["only backups here"], HasEnded = true };
        LaunchProblem? problem = ConnectionKinds.FindTool(Ssh(), "m")!.Explain(end);
        Assert.Equal(BootstrapReason.NotAllowed, problem?.Reason);
        Assert.Contains("ForceCommand", problem?.Message, StringComparison.Ordinal);
        Assert.Contains("(exit)", problem?.Message, StringComparison.Ordinal);
        Assert.Null(ConnectionKinds.FindTool(Ssh(), "m")!.Explain(end with { HasEnded = false }));
        Assert.Null(ConnectionKinds.FindTool(Ssh(), "m")!.Explain(new LaunchEnd(new ChildExit(0, null), ["a wrapper speaks"]) { HasEnded = true }));
    }

    [Fact]
    public void The_login_of_a_host_on_the_way_is_not_that_of_the_target()
    {
        const string Denied = "Authenticated to jump ([192.0.2.1]:22) using \"publickey\".|deploy@web1: Permission denied (publickey).";
        SshRoute route = new("deploy", "web1", "jump", IsProxied: true, NamesAsker: true) { HostName = "web1" };
        LaunchEnd end = new(new ChildExit(255, null), Denied.Split('|'));
        Assert.Equal(BootstrapReason.AuthenticationFailed, new SshWords(Ssh(), route).Explain(end)?.Reason);
        Assert.Equal(BootstrapReason.AuthenticationFailed, new SshWords(Ssh(), route with { HostName = "jump" }).Explain(end)?.Reason);
        Assert.Null(new SshWords(Ssh(), route with { HostName = "jump", HasSocket = true }).Explain(end));
        end = end with { Lines = ["Authenticated to web1 (via proxy) using \"publickey\".", "Host key verification failed.", "Killed by signal 1."] };
        Assert.Null(new SshWords(Ssh(), route).Explain(end with { Last = end.Lines, HasEnded = true }));
    }

    /// <summary>What ssh said and asked (a plus sign: with an answer) before a denial, the ways that are left, and the reason.</summary>
    public static TheoryData<string, string, string, BootstrapReason, string> Denials { get; } = new()
    {
        { "", "+deploy@web1's password: ", "publickey,password", BootstrapReason.PasswordWrong, "SshConnection.Password is not right" },
        { "", "+Enter passphrase for key '/k': ", "publickey", BootstrapReason.PasswordWrong, "SshConnection.Passphrase" },
        { "", "-Enter passphrase for key '/k': ", "publickey", BootstrapReason.PasswordRequired, "key /k: it is encrypted" },
        { "Authenticated using \"publickey\" with partial success.", "", "password", BootstrapReason.PasswordRequired, "accepts the key" },
        { "Authenticated with partial success.", "+Enter passphrase for key '/k': ", "hostbased", BootstrapReason.AuthenticationFailed, "hostbased" },
        { "Load key \"/k\": bad permissions", "", "publickey", BootstrapReason.AuthenticationFailed, "key /k: others may read it (chmod 600)" },
        { "Load key \"/k\": error in libcrypto", "", "publickey", BootstrapReason.AuthenticationFailed, "key /k: error in libcrypto" },
        { "no such identity: /k: No such file or directory", "", "publickey", BootstrapReason.AuthenticationFailed, "key /k: it is not there" },
        { "Warning: Identity file /k not accessible: No such file or directory.", "", "publickey", BootstrapReason.AuthenticationFailed, "key /k: it is not there" },
    };

    [Theory]
    [MemberData(nameof(Denials))]
    public void A_denial_is_explained_by_what_came_before(string line, string asked, string ways, BootstrapReason reason, string words)
    {
        LaunchEnd end = new(new ChildExit(255, null), [line, $"deploy@web1: Permission denied ({ways})."])
        {
            Given = asked.Length == 0 ? [] : [new Answered(asked[1..], asked[0] == '+' ? "a secret" : null)],
        };
        LaunchProblem? problem = ConnectionKinds.FindTool(Ssh(), "m")!.Explain(end);
        Assert.Equal(reason, problem?.Reason);
        Assert.Contains(words, problem?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_that_was_not_asked_for_is_not_told_as_wrong()
    {
        SshRoute route = SshRoute.TryParse("user deploy\nhostname web1\npasswordauthentication no\n")!;
        LaunchEnd end = new(new ChildExit(255, null), ["deploy@web1: Permission denied (publickey,password)."]);
        LaunchProblem? problem = new SshWords(Ssh() with { Password = "x" }, route).Explain(end);
        Assert.Equal(BootstrapReason.AuthenticationFailed, problem?.Reason);
        Assert.Contains("its configuration says PasswordAuthentication no.", problem?.Message, StringComparison.Ordinal);
        Assert.Contains("BatchMode=no", ConnectionKinds.FindTool(Ssh() with { Password = "x" }, "m")!.Arguments("SCRIPT"));
    }

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAA\n", true)]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAA\n", false)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", true)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", false)]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n", true)]
    [InlineData("", false)]
    public void A_key_file_shows_whether_it_is_encrypted(string text, bool isEncrypted)
    {
        string file = Connections.Scripts.NewPath();
        File.WriteAllText(file, text);
        Assert.Equal(isEncrypted, SshKeyFile.IsEncrypted(file));
        File.Delete(file);
        Assert.False(SshKeyFile.IsEncrypted(file));
    }

    [Fact]
    public void A_signal_is_told_where_it_was_not_sent_from_here()
    {
        LaunchEnd end = new(new ChildExit(255, null), ["Killed by signal 15."]);
        Assert.Contains("Killed by signal 15", ConnectionKinds.FindTool(Ssh(), "m")!.Explain(end with { HasEnded = true })?.Message, StringComparison.Ordinal);
        Assert.Null(ConnectionKinds.FindTool(Ssh(), "m")!.Explain(end));
        Assert.Null(ConnectionKinds.FindTool(Ssh(), "m")!.Show("Killed by signal 15."));
    }

    [Fact]
    public void The_first_lines_are_kept_however_many_come()
    {
        Interview interview = new(ConnectionKinds.FindTool(Ssh(), "m")!);
        interview.Hear("the first");
        for (int i = 0; i < 5000; i++)
        {
            interview.Hear("of a profile");
        }

        Assert.Equal("the first", interview.Lines[0]);
        Assert.InRange(interview.Lines.Count, 100, 1001);
        interview.End();
        Assert.Empty(interview.Lines);
    }

    public static TheoryData<Connection, string> OthersWords { get; } = new()
    {
        { new DockerConnection("web"), "/etc/profile: line 3: java: not found" },
        { new DockerConnection("web"), "my-entrypoint: the file does not exist" },
        { new KubernetesConnection("web-0"), "config: Permission denied" },
        { new SuConnection(), "profile: /root/x: Permission denied" },
        { new SuConnection(), "the host db does not exist" },
        { new SudoConnection(), "profile: user x is not allowed to see this" },
        { new DoasConnection(), "cat: x: Operation not permitted" },
        { Ssh(), "rsync: connect to backup: Connection refused" },
        { Ssh(), "git@example: Permission denied (publickey)" },
        { Ssh(), "profile: no route to host" },
    };

    [Theory]
    [MemberData(nameof(OthersWords))]
    public void Words_that_are_not_in_the_tools_form_are_no_reason(Connection connection, string line) => Assert.Null(
        ConnectionKinds.FindTool(connection, "m")!.Explain(new LaunchEnd(Failed(connection), [line])));

    [Fact]
    public void Sudo_is_known_by_its_prompt_alone()
    {
        SudoConnection sudo = new() { Password = "x" };
        Assert.Null(Asks(sudo, "Password: "));
        Assert.Equal("x", Asks(sudo, "We trust you.[mitogen:m]"));
        Assert.Equal("x", Asks(sudo, "[sudo: [mitogen:m]] Password: "));
        Assert.Equal("UnansweredQuestion", Asks(sudo, "[sudo: [mitogen:m]] Verification code: "));
        Assert.Equal("Expired", Asks(sudo, "[sudo: ] Current password: ", Standing.Waiting));
        Assert.Equal("PasswordRequired", Asks(new SudoConnection(), "[mitogen:m]"));
        Assert.Null(Asks(sudo, "[mitogen:m]", isOnOutput: true));
    }

    [Fact]
    public void Sudo_asks_again_for_another_secret_or_because_the_first_was_wrong()
    {
        Interview interview = new(ConnectionKinds.FindTool(new SudoConnection { Password = "x" }, "m")!);
        Assert.NotNull(interview.Answer(new Asked("[mitogen:m]")));
        Assert.Equal(BootstrapReason.UnansweredQuestion, Refused(() => interview.Answer(new Asked("[mitogen:m]"))));
        interview.Hear("[mitogen:m]Sorry, try again.");
        Assert.Equal(BootstrapReason.PasswordWrong, Refused(() => interview.Answer(new Asked("[mitogen:m]"))));
    }

    [Theory]
    [InlineData("Password: ", false, "x")]
    [InlineData("Passwort: ", false, "x")]
    [InlineData("密码：", false, "x")]
    [InlineData("Enter your password ", false, null)]
    [InlineData("Enter your password ", true, "x")]
    [InlineData("Verification code: ", true, "UnansweredQuestion")]
    [InlineData("Einmalpasswort: ", true, "UnansweredQuestion")]
    [InlineData("Mot de passe à usage unique : ", true, "UnansweredQuestion")]
    [InlineData("Do you accept the terms (y/n)? ", true, "UnansweredQuestion")]
    [InlineData("Continue? ", true, "UnansweredQuestion")]
    [InlineData("Current password: ", true, "Expired")]
    [InlineData("su: ", false, null)]
    public void The_first_question_of_su_is_the_passwords(string text, bool hasSettled, string? answer)
    {
        foreach (bool isOnOutput in (bool[])[false, true])
        {
            Assert.Equal(
                answer, Asks(new SuConnection { Password = "x" }, text, hasSettled ? Standing.Settled : Standing.Fresh, isOnOutput: isOnOutput));
        }
    }

    [Fact]
    public void Su_is_answered_once_and_not_when_it_starts_the_users_own_shell()
    {
        Tool su = ConnectionKinds.FindTool(new SuConnection { Password = "x" }, "m")!;
        Interview interview = new(su);
        Assert.NotNull(interview.Answer(new Asked("Password: ")));
        Assert.Null(interview.Answer(new Asked("Last login: ")));
        Assert.Equal(BootstrapReason.PasswordWrong, Refused(() => interview.Answer(new Asked("Password: "))));
        Assert.Equal(BootstrapReason.UnansweredQuestion, Refused(() => interview.Answer(new Asked("Another: ") { Standing = Standing.Waiting })));

        interview = new(su);
        interview.Hear("su: using restricted shell /opt/shell");
        Assert.Null(interview.Answer(new Asked("Password: ")));
    }

    [Fact]
    public void Doas_is_answered_once_at_a_terminal_that_shows_nothing()
    {
        DoasConnection doas = new() { Password = "x" };
        Assert.Null(Asks(doas, "doas (me@host) password: "));
        Assert.Equal("x", Asks(doas, "doas (me@pin-code) password: ", isHidden: true));
        Assert.Equal("UnansweredQuestion", Asks(doas, "Token: ", isHidden: true));
    }

    [Fact]
    public void A_secret_at_a_terminal_and_what_looks_like_a_question_end_the_start_if_nobody_answers()
    {
        ExecConnection exec = new("console");
        Assert.Equal("UnansweredQuestion", Asks(exec, "Login: ", Standing.Waiting));
        Assert.Equal("UnansweredQuestion", Asks(exec, "Do you agree (y/n)? ", Standing.Waiting));
        Assert.Null(Asks(exec, "Login: ", Standing.Settled));
        Assert.Null(Asks(exec, "Authorized use only", Standing.Waiting));
    }

    private static string? Asks(
        Connection connection, string text, Standing standing = Standing.Fresh, bool isHidden = false, bool isOnOutput = false)
    {
        try
        {
            return new Interview(ConnectionKinds.FindTool(connection, "m")!)
                .Answer(new Asked(text) { Standing = standing, IsHidden = isHidden, IsOnOutput = isOnOutput })?.Reveal();
        }
        catch (StartRefusedException e)
        {
            return e.Problem.Reason.ToString();
        }
    }

    private static BootstrapReason Refused(Action ask) => Assert.Throws<StartRefusedException>(ask).Problem.Reason;

    // ssh has a status of its own for its failures.
    private static ChildExit Failed(Connection connection) => new(connection is SshConnection ? 255 : 1, null);

    private static SshConnection Ssh() => new("web1") { User = "deploy" };
}
