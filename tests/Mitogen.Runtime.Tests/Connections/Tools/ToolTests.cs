using Mitogen.Bootstrap;
using Mitogen.Connections.Tools;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Connections.Tools;

/// <summary>Each connection's command line, its questions, and what the tool's last words mean.</summary>
public sealed class ToolTests
{
    public static TheoryData<Connection, string> CommandLines { get; } = new()
    {
        { new SudoConnection(), "sudo|-S|-p|[mitogen:m]|-u|root|--|sh|-c|SCRIPT" },
        {
            new SudoConnection { User = "app", Login = true, PreserveEnvironment = true, SelinuxRole = "r", SelinuxType = "t", SudoPath = "/x/sudo" },
            "/x/sudo|-S|-p|[mitogen:m]|-u|app|-E|-r|r|-t|t|-i|--|sh|-c|echo mito\"\"gen:m shell;exec sh"
        },
        { new SuConnection(), "su|-s|/bin/sh|root|-c|exec sh -c 'SCRIPT'" },
        { new SuConnection { User = "app", Login = true }, "su|-|app|-c|exec sh -c 'SCRIPT'" },
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
        { Ssh() with { Password = "x" }, "deploy@web1: Permission denied (publickey,keyboard-interactive).", BootstrapReason.PasswordWrong },
        { new SudoConnection(), "x is not in the sudoers file.", BootstrapReason.NotAllowed },
        { new SudoConnection { Password = "x" }, "sudo: 1 incorrect password attempt", BootstrapReason.PasswordWrong },
        { new SuConnection { Password = "x" }, "su: Authentication failure", BootstrapReason.PasswordWrong },
        { new SuConnection { User = "no" }, "su: user no does not exist or the user entry does not contain all the required fields", BootstrapReason.NotAllowed },
        { new DoasConnection(), "doas: Authentication required", BootstrapReason.PasswordRequired },
        { new DoasConnection { Password = "x" }, "doas: Authentication failed", BootstrapReason.PasswordWrong },
        { new DoasConnection(), "doas: Operation not permitted", BootstrapReason.NotAllowed },
        { new DockerConnection("web"), "Error response from daemon: No such container: web", BootstrapReason.NoSuchContainer },
        { new DockerConnection("web"), "Error response from daemon: container 1a is not running", BootstrapReason.NoSuchContainer },
        { new DockerConnection("web"), "exec: \"sh\": executable file not found in $PATH: unknown", BootstrapReason.ToolNotFound },
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
        Tool tool = ToolTable.Find(connection, "m")!;
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

        string line = string.Join(' ', ToolTable.Find(connection, "m")!.Arguments("SCRIPT"));

        foreach (string part in (string[])["-F /c", "-l deploy", "-p 2222", "-i /k -o IdentitiesOnly=yes", " -C ", "-o ControlMaster=no", "-o ControlPath=none",
            "-o StrictHostKeyChecking=accept-new", "-o UserKnownHostsFile=/h", "-o ServerAliveInterval=7", "-o BatchMode=yes", "-o ConnectTimeout=10"])
        {
            Assert.Contains(part, line, StringComparison.Ordinal);
        }

        Assert.EndsWith("-J jump -- web1 exec sh -c 'SCRIPT'", line, StringComparison.Ordinal);
        Assert.Contains("StrictHostKeyChecking=yes", string.Join(' ', ToolTable.Find(new SshConnection("web1"), "m")!.Arguments("SCRIPT")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LastWords))]
    public void Last_words_have_a_reason(Connection connection, string lines, BootstrapReason reason)
    {
        LaunchProblem? problem = ToolTable.Find(connection, "m")!.Explain(new LaunchEnd(new ChildExit(1, null), lines.Split('|')));
        Assert.Equal(reason, problem?.Reason);
    }

    [Fact]
    public void Questions_are_told_from_other_output()
    {
        Assert.Null(Asks(new SudoConnection { Password = "x" }, "Password: "));
        Assert.Equal("x", Asks(new SudoConnection { Password = "x" }, "We trust you.[mitogen:m]")?.Answer?.Reveal());
        Assert.Null(Asks(new SuConnection { Password = "x" }, "Last login"));
        Assert.NotNull(Asks(new SuConnection { Password = "x" }, "Passwort: ")?.Answer);
        Assert.Null(Asks(Ssh() with { Password = "x" }, "password: ", isSecret: false));
        Assert.Equal("x", Asks(Ssh() with { Password = "x", Passphrase = "y" }, "deploy@web1's password: ", true)?.Answer?.Reveal());
        Assert.Equal("y", Asks(Ssh() with { Password = "x", Passphrase = "y" }, "Enter passphrase for key '/k': ", true)?.Answer?.Reveal());
        Assert.Null(Asks(Ssh() with { Password = "x" }, "Enter passphrase for key '/k': ", true)?.Answer);
    }

    private static Question? Asks(Connection connection, string tail, bool isSecret = false) => ToolTable.Find(connection, "m")!.Asks(tail, isSecret);

    private static SshConnection Ssh() => new("web1") { User = "deploy" };
}
