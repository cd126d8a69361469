using System.Reflection;
using CsCheck;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>What a connection string is written as is what it was made of, for every kind; what it cannot carry is an error that names it.</summary>
public sealed class WrittenConnectionTests
{
    private static readonly string[] s_odd = ["web1", "::1", "fe80::1%eth0", "10.0.0.1", "[::1]", "-x", "a:b", "ns/pod", "%2B", "root"];

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char["abzäß09-._~ +?&=#@:/%[]😀\\'\"<>|"], 1, 12],
        Gen.Int[0, s_odd.Length - 1].Select(static i => s_odd[i]),
        Gen.String[0, 6]);

    public static TheoryData<string> Properties =>
        [.. ConnectionKinds.All.SelectMany(static kind => Settable(kind.Type).Select(property => $"{kind.Scheme} {property.Name}"))];

    [Theory]
    [InlineData("local")]
    [InlineData("local://?isolated&dotnet=/opt/dotnet")]
    [InlineData("ssh://deploy@web1:2222+sudo+docker://db?name=db")]
    [InlineData("ssh://me@[fe80::1%25eth0]:22?hostkey=accept-new&option=-oA=b&option=%2B")]
    [InlineData("sudo://www-data?login&preserve-environment&role=r&type=t")]
    [InlineData("docker://app@?image=registry:5000/a/b:1")]
    [InlineData("k8s://ns/pod/c?context=x")]
    [InlineData("incus://remote:i?timeout=5&limit=90&rate=1000&grace=9")]
    [InlineData("exec://%2Fusr%2Fsbin%2Fchroot?argument=/srv/image&argument=a%26b%20c")]
    public void A_string_is_written_as_a_person_would(string text) => Assert.Equal(text, ConnectionString.Format(ConnectionString.Parse(text)));

    [Fact]
    public void What_is_written_is_read_for_every_kind()
    {
        int carried = 0;
        Gen.Select(Gen.Int[0, ConnectionKinds.All.Count - 1], Gen.Int, s_text.Array[20]).Sample(
            (kind, seed, texts) =>
            {
                PlainConnection connection = Any(ConnectionKinds.All[kind], new Random(seed), texts);
                string written;
                try
                {
                    written = ConnectionString.Format(connection);
                }
                catch (ArgumentException error)
                {
                    // What cannot be carried says so, and of what.
                    Assert.Contains($"cannot carry {connection.GetType().Name}.", error.Message, StringComparison.Ordinal);
                    return;
                }

                Assert.Equal(connection, Assert.Single(ConnectionString.Parse(written)));
                Assert.Equal([connection, new SudoConnection()], ConnectionString.Parse(ConnectionString.Format([connection, new SudoConnection()])));
                _ = Interlocked.Increment(ref carried);
            },
            iter: 20_000);
        Assert.InRange(carried, 2_000, 19_999);
    }

    /// <summary>A property that is added to a record, and forgotten in its description, fails here.</summary>
    [Theory]
    [MemberData(nameof(Properties))]
    public void Each_property_is_carried_or_named(string which)
    {
        (string scheme, string name) = (which.Split(' ')[0], which.Split(' ')[1]);
        ConnectionKind kind = ConnectionKinds.All.Single(kind => kind.Scheme == scheme);
        PropertyInfo property = kind.Type.GetProperty(name)!;
        PlainConnection connection = Sample(kind);
        object value = property.PropertyType == typeof(string) ? "other"
            : property.PropertyType == typeof(bool) ? true
            : property.PropertyType == typeof(Secret) ? new Secret("hunter2")
            : property.PropertyType == typeof(IReadOnlyList<string>) ? new[] { "a", "-b" }
            : property.PropertyType.IsEnum ? Enum.GetValues(property.PropertyType).GetValue(1)!
            : property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?) ? TimeSpan.FromSeconds(77)
            : 4711;
        property.SetValue(connection, value);

        ArgumentException? error = Record.Exception(() => Assert.Equal(connection, Assert.Single(ConnectionString.Parse(ConnectionString.Format(connection))))) as ArgumentException;

        string[] without =
        [
            nameof(Connection.Executable), nameof(Connection.QuestionTimeout), nameof(Connection.CacheExecutable), nameof(Connection.CallTimeout),
            nameof(SshConnection.Password), nameof(SshConnection.Passphrase),
        ];
        bool isCarried = !without.Contains(name) && (!name.EndsWith("Path", StringComparison.Ordinal) || name == nameof(Connection.DotNetPath))
            && which is not ("k8s Container" or "docker Image" or "podman Image");
        Assert.Equal(isCarried, error is null);
        if (error is not null)
        {
            Assert.Contains($"{kind.Type.Name}.{(name == "Image" ? "Container and Image" : name)}", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_has_no_form_as_text_is_named()
    {
        ArgumentException carried = Assert.Throws<ArgumentException>(() => ConnectionString.Format([new SshConnection("h"), new StreamConnection(Stream.Null)]));
        Assert.Contains(nameof(StreamConnection), carried.Message, StringComparison.Ordinal);
        ArgumentException odd = Assert.Throws<ArgumentException>(() => ConnectionString.Format(new SshConnection("h") { KeepAlive = TimeSpan.FromSeconds(1.5) }));
        Assert.Contains("SshConnection.KeepAlive", odd.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ConnectionString.Format(new ExecConnection()));
        Assert.Throws<ArgumentException>(() => ConnectionString.Format([]));
        Assert.Throws<ArgumentNullException>(() => ConnectionString.Format((Connection)null!));
    }

    private static PlainConnection Sample(ConnectionKind kind)
    {
        string text = kind.Scheme is "local" or "sudo" or "su" or "doas" ? kind.Scheme : $"{kind.Scheme}://7";
        return (PlainConnection)Assert.Single(ConnectionString.Parse(text));
    }

    /// <summary>A connection some of whose properties have some other value, most of them one that a string can carry.</summary>
    private static PlainConnection Any(ConnectionKind kind, Random random, string[] texts)
    {
        int next = 0;
        string Text() => texts[next++ % texts.Length];
        PlainConnection connection = Sample(kind);
        foreach (PropertyInfo property in Settable(kind.Type).Where(property => property.PropertyType != typeof(Secret) && random.Next(4) == 0))
        {
            Type type = property.PropertyType;
            object value = type == typeof(string) ? Text()
                : type == typeof(bool) ? random.Next(2) == 0
                : type == typeof(IReadOnlyList<string>) ? Enumerable.Range(0, random.Next(4)).Select(_ => Text()).ToArray()
                : type.IsEnum ? Enum.GetValues(type).GetValue(random.Next(2))!
                : type == typeof(TimeSpan) || type == typeof(TimeSpan?) ? TimeSpan.FromSeconds(random.Next(100))
                : random.Next(70_000);
            property.SetValue(connection, value);
        }

        return connection;
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties().Where(static property => property.CanWrite);
}
