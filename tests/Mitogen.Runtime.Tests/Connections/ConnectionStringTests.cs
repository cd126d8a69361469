using System.Text;

namespace Mitogen.Runtime.Tests.Connections;

public sealed class ConnectionStringTests
{
    public static TheoryData<string, Connection[]> Good => new()
    {
        { "local://", [new LocalConnection()] },
        { "local", [new LocalConnection()] },
        { "local://?isolated&dotnet=/opt/dotnet", [new LocalConnection { Isolated = true, DotNetPath = "/opt/dotnet" }] },
        { "ssh://web1", [new SshConnection("web1")] },
        { "SSH://web1", [new SshConnection("web1")] },
        { "ssh://deploy@web1:2222", [new SshConnection("web1") { User = "deploy", Port = 2222 }] },
        { "ssh://ad%5Cme%40corp@web1", [new SshConnection("web1") { User = "ad\\me@corp" }] },
        { "ssh://[::1]", [new SshConnection("::1")] },
        { "ssh://me@[fe80::1%25eth0]:22", [new SshConnection("fe80::1%eth0") { User = "me", Port = 22 }] },
        { "ssh://10.0.0.1:22", [new SshConnection("10.0.0.1") { Port = 22 }] },
        {
            "ssh://h?identity=/k%2B1&hostkey=accept-new&knownhosts=/kh&config=/c&compression&keepalive=15&option=-4&option=-oA=b&name=n",
            [
                new SshConnection("h")
                {
                    Name = "n",
                    IdentityFile = "/k+1",
                    HostKeyPolicy = HostKeyPolicy.AcceptNew,
                    KnownHostsFile = "/kh",
                    ConfigFile = "/c",
                    Compression = true,
                    KeepAlive = TimeSpan.FromSeconds(15),
                    Options = ["-4", "-oA=b"],
                },
            ]
        },
        { "ssh://h?compression=false&hostkey=ignore", [new SshConnection("h") { HostKeyPolicy = HostKeyPolicy.Ignore }] },
        { "ssh://host2+sudo", [new SshConnection("host2"), new SudoConnection()] },
        { "sudo+sudo://", [new SudoConnection(), new SudoConnection()] },
        {
            "sudo://www-data?login&preserve-environment&role=r&type=t",
            [new SudoConnection { User = "www-data", Login = true, PreserveEnvironment = true, SelinuxRole = "r", SelinuxType = "t" }]
        },
        { "su", [new SuConnection()] },
        { "su://db?login", [new SuConnection { User = "db", Login = true }] },
        { "doas://", [new DoasConnection()] },
        { "doas://db", [new DoasConnection { User = "db" }] },
        { "docker://name", [new DockerConnection("name")] },
        { "docker://app@name?option=-w&option=/", [new DockerConnection("name") { User = "app", Options = ["-w", "/"] }] },
        { "docker://?image=registry:5000/a/b:1", [new DockerConnection { Image = "registry:5000/a/b:1" }] },
        { "docker://app@?image=i", [new DockerConnection { Image = "i", User = "app" }] },
        { "podman://name", [new PodmanConnection("name")] },
        { "podman://?image=i", [new PodmanConnection { Image = "i" }] },
        { "k8s://pod", [new KubernetesConnection("pod")] },
        { "k8s://ns/pod", [new KubernetesConnection("pod") { Namespace = "ns" }] },
        { "k8s://ns/pod/c?context=x", [new KubernetesConnection("pod") { Namespace = "ns", Container = "c", KubectlContext = "x" }] },
        { "lxc://c", [new LxcConnection("c")] },
        { "incus://remote:i", [new IncusConnection("remote:i")] },
        { "nspawn://m", [new NspawnConnection("m")] },
        { "ns://4711", [new NamespaceConnection(4711)] },
        { "exec://env", [new ExecConnection("env")] },
        { "exec://%2Fusr%2Fsbin%2Fchroot?argument=/srv/image&argument=a%26b", [new ExecConnection("/usr/sbin/chroot", "/srv/image", "a&b")] },
        { "ssh://h?limit=90&rate=1000", [new SshConnection("h") { StartTimeout = TimeSpan.FromSeconds(90), MinimumRate = 1000 }] },
        {
            "ssh://web1?timeout=5+sudo+docker://db?grace=9",
            [
                new SshConnection("web1") { ConnectTimeout = TimeSpan.FromSeconds(5) },
                new SudoConnection(),
                new DockerConnection("db") { GracePeriod = TimeSpan.FromSeconds(9) },
            ]
        },
    };

    public static TheoryData<string, string, string> Bad => new()
    {
        { "", "^", "one of local, ssh" },
        { "web1", "^", "one of local, ssh" },
        { "http://web1", "^", "one of local, ssh" },
        { "+", "^", "one of local" },
        { "ssh://a+", "        ^", "one of local" },
        { "ssh://a++sudo", "        ^", "one of local" },
        { "ssh", "   ^", "'://' and a host" },
        { "ssh:web1", "   ^", "'://' and a host" },
        { "sudo?login", "    ^", "'://', '+' or the end" },
        { "ssh://", "      ^", "expected a host" },
        { "ssh://me@", "         ^", "expected a host" },
        { "ssh://@web1", "      ^", "expected a user" },
        { "ssh://web1:", "           ^", "a port from 1 to 65535" },
        { "ssh://web1:ssh", "           ^", "a port from 1 to 65535" },
        { "ssh://web1:65536", "           ^", "a port from 1 to 65535" },
        { "ssh://web1:+22", "           ^", "a port from 1 to 65535" },
        { "ssh://web1/", "          ^", "'+', '?' or the end" },
        { "ssh://web 1", "         ^", "'+', '?' or the end" },
        { "ssh://-oProxyCommand%3Dx", "      ^", "cannot begin with '-'" },
        { "ssh://%2DoProxyCommand", "      ^", "cannot begin with '-'" },
        { "ssh://-l@h", "      ^", "cannot begin with '-'" },
        { "ssh://::1", "      ^", "brackets" },
        { "ssh://[::1", "          ^", "']'" },
        { "ssh://[web1]", "       ^", "an IPv6 address" },
        { "ssh://[::1]22", "           ^", "':', '+'" },
        { "ssh://we%2", "         ^", "two hexadecimal digits" },
        { "ssh://we%C3x", "        ^", "UTF-8" },
        { "ssh://we%00", "        ^", "no control character" },
        { "ssh://h?", "        ^", "one of the options compression, config, dotnet, grace, hostkey" },
        { "ssh://h?identiti=x", "        ^", "one of the options" },
        { "ssh://h?identity", "                ^", "'=' and a value" },
        { "ssh://h?identity=", "                 ^", "a value" },
        { "ssh://h?identity=a&identity=b", "                   ^", "'identity' once" },
        { "ssh://h?hostkey=yes", "                ^", "one of enforce, accept-new, ignore" },
        { "ssh://h?compression=1", "                    ^", "true or false" },
        { "ssh://h?timeout=0", "                ^", "a number of seconds" },
        { "local://h", "        ^", "'+', '?' or the end" },
        { "exec://", "       ^", "a program" },
        { "ssh://h?rate=0", "             ^", "a number of bytes per second" },
        { "lxc://me@c", "      ^", "no user" },
        { "docker://", "         ^", "a container, or the option image" },
        { "docker://c?image=i", "         ^", "'+', '?' or the end" },
        { "docker://c:1", "          ^", "'+', '?' or the end" },
        { "k8s://a/b/c/d", "           ^", "'+', '?' or the end" },
        { "k8s://a//c", "        ^", "a pod, namespace/pod" },
        { "ns://web", "     ^", "the number of a process" },
        { "ns://0", "     ^", "the number of a process" },
        { "ssh://a+sudo://\tx", "               ^", "no control character" },
    };

    public static TheoryData<string, string, int> WithPasswords => new()
    {
        { "ssh://me:hunter2@web1", "ssh://me:***@web1", 8 },
        { "ssh://me:hun+ter2@web1", "ssh://me:***@web1", 9 },
        { "ssh://me:hunter2@@web1", "ssh://me:***@web1", 8 },
        { "ssh://a:22+ssh://me:hunter2@web1:x", "ssh://a:22+ssh://me:***@web1:x", 19 },
        { "sudo://root:hunter2", "sudo://root:***", 11 },
        { "ssh://h+su://root:hunter2", "ssh://h+su://root:***", 17 },
        { "ssh://h?password=hunter2", "ssh://h?password=***", 8 },
        { "ssh://h?compression&Pass=hunter2&x=y", "ssh://h?compression&Pass=***&x=y", 20 },
        { "ssh://h?password=hunter2+sudo?", "ssh://h?password=***", 8 },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void What_is_written_is_connected(string text, Connection[] expected)
    {
        Assert.Equal(expected, ConnectionString.Parse(text));
        Assert.True(ConnectionString.TryParse(text, out IReadOnlyList<Connection>? connections));
        Assert.Equal(expected, connections);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_wrong_is_shown(string text, string caret, string expected)
    {
        FormatException error = Assert.Throws<FormatException>(() => ConnectionString.Parse(text));
        string[] lines = error.Message.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.Equal("  " + text.Replace('\t', '?'), lines[1]);
        Assert.Equal("  " + caret, lines[2]);
        Assert.False(ConnectionString.TryParse(text, out _));
    }

    [Theory]
    [MemberData(nameof(WithPasswords))]
    public void Passwords_are_refused_and_not_shown(string text, string shown, int column)
    {
        FormatException error = Assert.Throws<FormatException>(() => ConnectionString.Parse(text));
        string[] lines = error.Message.Split('\n');
        Assert.DoesNotContain("ter2", error.Message, StringComparison.Ordinal);
        Assert.Equal("  " + shown, lines[1]);
        Assert.Equal(2 + column, lines[2].IndexOf('^', StringComparison.Ordinal));
        if (!text.Contains("hun+", StringComparison.Ordinal))
        {
            Assert.Contains("set the Password", lines[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_no_connection()
    {
        Assert.False(ConnectionString.TryParse(null, out IReadOnlyList<Connection>? connections));
        Assert.Null(connections);
        Assert.Throws<ArgumentNullException>(() => ConnectionString.Parse(null!));
    }

    [Fact]
    public void Whatever_is_written_fails_with_its_format_alone()
    {
        string[] pieces =
        [
            "ssh", "sudo", "su", "doas", "docker", "podman", "k8s", "lxc", "incus", "nspawn", "ns", "local", "://", "://", ":", "/", "@", "+",
            "?", "&", "=", "[", "]", "::1", "%", "%2", "%2B", "%C3%BC", "%ff", "-", "web1", "22", "99999999999", "image", "identity",
            "password", "option", "timeout", "hostkey", "ü", "\ud800", "\0", "\n", " ", "😀",
        ];
        int seed = Random.Shared.Next();
        Random random = new(seed);
        int good = 0;
        for (int round = 0; round < 50_000; round++)
        {
            StringBuilder text = new();
            for (int count = random.Next(12); count >= 0; count--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            try
            {
                IReadOnlyList<Connection> connections = ConnectionString.Parse(text.ToString());
                Assert.NotEmpty(connections);
                good++;
            }
            catch (FormatException error)
            {
                string[] lines = error.Message.Split('\n');
                Assert.True(lines.Length == 3 && lines[2].Length <= lines[1].Length + 1, $"seed {seed}: {text}\n{error.Message}");
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: '{text}' gave {error}");
            }
        }

        Assert.InRange(good, 100, 49_000);
    }
}
