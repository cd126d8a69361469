using System.Reflection;
using System.Text.Json;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Connections as plain data: they cross contexts, are compared by value, and print no secrets.</summary>
public sealed class ConnectionRecordTests
{
    private const string Password = "correct horse";

    [Fact]
    public async Task All_cross_contexts_with_everything_that_is_set()
    {
        await using var root = InProcessRoot.Create();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IConnectionEcho>(new ConnectionEcho()));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), TestContext.Current.CancellationToken);

        AllConnections back = await child.Get<IConnectionEcho>().EchoAsync(All());

        Assert.Equal(All(), back);
        Assert.Equal(Password, back.Ssh.Password!.Reveal());
        Assert.Equal("key", back.Ssh.Passphrase!.Reveal());
        Assert.Equal(["-v", "-4"], back.Ssh.Options);
        Assert.Equal(["chroot", "/srv"], back.Exec.Command);

        // What was not set stays so, also for secrets.
        AllConnections plain = All() with { Ssh = new SshConnection("h"), Docker = new DockerConnection { Image = "i" } };
        Assert.Equal(plain, await child.Get<IConnectionEcho>().EchoAsync(plain));
    }

    [Fact]
    public void The_sample_sets_every_member()
    {
        foreach (Connection connection in Each(All()))
        {
            object plain = WithoutInitializers(connection);
            foreach (PropertyInfo property in connection.GetType().GetProperties().Where(property => property.CanWrite))
            {
                Assert.False(
                    Equals(property.GetValue(connection), property.GetValue(plain)), $"{connection.GetType().Name}.{property.Name}");
            }
        }
    }

    [Fact]
    public void They_are_equal_when_their_members_are()
    {
        foreach ((Connection one, Connection other) in Each(All()).Zip(Each(All())))
        {
            Assert.NotSame(one, other);
            Assert.Equal(one, other);
            Assert.Equal(one.GetHashCode(), other.GetHashCode());
            Assert.NotEqual(one, one with { Name = "other" });
        }

        Assert.NotEqual(new SshConnection("h") { Options = ["-4", "-v"] }, new SshConnection("h") { Options = ["-v", "-4"] });
        Assert.NotEqual(new SshConnection("h") { Password = "a" }, new SshConnection("h") { Password = "b" });
        Assert.NotEqual(new ExecConnection("a", "b"), new ExecConnection("a b"));
    }

    [Fact]
    public void Lists_are_copied()
    {
        string[] options = ["-4"];
        SshConnection connection = new("h") { Options = options };
        options[0] = "-6";
        Assert.Equal(["-4"], connection.Options);
        Assert.Throws<ArgumentException>(() => connection with { Options = ["-4", null!] });
        Assert.Throws<ArgumentNullException>(() => new ExecConnection(null!));
    }

    [Fact]
    public void None_prints_a_secret()
    {
        int secrets = 0;
        foreach (Connection connection in Each(All()))
        {
            bool has = connection.GetType().GetProperty("Password") is not null;
            secrets += has ? 1 : 0;
            Assert.DoesNotContain(Password, $"{connection}", StringComparison.Ordinal);
            Assert.Equal(has, $"{connection}".Contains("Password = ***", StringComparison.Ordinal));
            Assert.DoesNotContain(Password, JsonSerializer.Serialize(connection, connection.GetType()), StringComparison.Ordinal);
        }

        Assert.Equal(4, secrets);
        Assert.Contains("Options = [-v, -4]", $"{All().Ssh}", StringComparison.Ordinal);
    }

    /// <summary>The record as its constructor leaves it, with other arguments.</summary>
    private static object WithoutInitializers(Connection connection)
    {
        ConstructorInfo constructor = connection.GetType().GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.ParameterType switch
        {
            var type when type == typeof(int) => (object)-1,
            var type when type == typeof(IReadOnlyList<string>) => (string[])["other"],
            _ => "other",
        })]);
    }

    private static IEnumerable<Connection> Each(AllConnections all) =>
        typeof(AllConnections).GetProperties().Select(property => property.GetValue(all)).OfType<Connection>();

    private static AllConnections All() => new(
        Common(new SshConnection("web1")
        {
            User = "u",
            Port = 2222,
            IdentityFile = "id",
            Password = Password,
            Passphrase = "key",
            HostKeyPolicy = HostKeyPolicy.Ignore,
            KnownHostsFile = "known",
            ConfigFile = "config",
            Compression = true,
            KeepAlive = TimeSpan.FromSeconds(9),
            Options = ["-v", "-4"],
            SshPath = "/ssh",
        }),
        Common(new SudoConnection
        {
            User = "u",
            Password = Password,
            Login = true,
            PreserveEnvironment = true,
            SelinuxRole = "r",
            SelinuxType = "t",
            SudoPath = "/sudo",
        }),
        Common(new SuConnection { User = "u", Password = Password, Login = true, SuPath = "/su" }),
        Common(new DoasConnection { User = "u", Password = Password, DoasPath = "/doas" }),
        Common(new DockerConnection("c") { Image = "i", User = "u", Options = ["-t"], DockerPath = "/docker" }),
        Common(new PodmanConnection("c") { Image = "i", User = "u", Options = ["-t"], PodmanPath = "/podman" }),
        Common(new KubernetesConnection("p") { Container = "c", Namespace = "n", KubectlContext = "x", KubectlPath = "/kubectl" }),
        Common(new LxcConnection("c") { LxcAttachPath = "/lxc" }),
        Common(new IncusConnection("i") { IncusPath = "/incus" }),
        Common(new NspawnConnection("m") { MachinectlPath = "/machinectl", NsenterPath = "/nsenter" }),
        Common(new NamespaceConnection(7) { NsenterPath = "/nsenter" }),
        Common(new ExecConnection("chroot", "/srv")));

    private static T Common<T>(T connection)
        where T : Connection =>
        (T)(connection with
        {
            Name = "n",
            Executable = ExecutableKind.Managed,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            StartTimeout = TimeSpan.FromSeconds(4),
            MinimumRate = 6,
            QuestionTimeout = TimeSpan.FromSeconds(2),
            GracePeriod = TimeSpan.FromSeconds(3),
            DotNetPath = "/dotnet",
            CacheExecutable = true,
            CallTimeout = TimeSpan.FromSeconds(5),
        });
}

public sealed record AllConnections(
    SshConnection Ssh,
    SudoConnection Sudo,
    SuConnection Su,
    DoasConnection Doas,
    DockerConnection Docker,
    PodmanConnection Podman,
    KubernetesConnection Kubernetes,
    LxcConnection Lxc,
    IncusConnection Incus,
    NspawnConnection Nspawn,
    NamespaceConnection Namespace,
    ExecConnection Exec);

[Remote]
public interface IConnectionEcho
{
    Task<AllConnections> EchoAsync(AllConnections connections);
}

internal sealed class ConnectionEcho : IConnectionEcho
{
    public Task<AllConnections> EchoAsync(AllConnections connections) => Task.FromResult(connections);
}
