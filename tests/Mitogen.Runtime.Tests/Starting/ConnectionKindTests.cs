using System.Reflection;
using System.Text.RegularExpressions;
using Mitogen.Runtime.Tests.Samples;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>Each kind of connection is a record, a tool and a row; nothing else knows the kinds.</summary>
public sealed partial class ConnectionKindTests
{
    private static IReadOnlyList<Type> Records { get; } =
        [.. typeof(PlainConnection).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PlainConnection)) && !type.IsAbstract)];

    [Fact]
    public void Each_record_has_a_row_with_its_reader_and_its_tool()
    {
        Assert.Equal(Records.OrderBy(static type => type.Name, StringComparer.Ordinal), ConnectionKinds.All.Select(static kind => kind.Type).OrderBy(static type => type.Name, StringComparer.Ordinal));
        Assert.All(ConnectionKinds.All, static kind =>
        {
            Assert.True(kind.Type.IsSealed);
            string text = kind.Scheme is "local" or "sudo" or "su" or "doas" ? kind.Scheme : $"{kind.Scheme}://7";
            Connection connection = Assert.Single(ConnectionString.Parse(text));
            Assert.IsType(kind.Type, connection);
            Assert.Equal(kind.Type == typeof(LocalConnection), ConnectionKinds.FindTool(connection, "m") is null);
        });
    }

    /// <summary>The tags of the protocol are the places in the ordinal order of the names.</summary>
    [Fact]
    public void The_protocol_has_their_tags()
    {
        string protocol = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md"));
        string list = Tags().Match(protocol).Groups["list"].Value;
        Assert.Equal(
            Records.Select(static type => type.FullName!).Order(StringComparer.Ordinal).Select(static (name, tag) => $"{tag} {name["Mitogen.".Length..^nameof(Connection).Length]}"),
            Regex.Split(list, @",\s+", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void The_page_has_a_row_and_a_string_for_each()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "connections.md"));
        Assert.All(ConnectionKinds.All, kind =>
        {
            Assert.Contains($"| [`{kind.Type.Name}`](#", page, StringComparison.Ordinal);
            Assert.Contains($"| `{kind.Scheme}://", page, StringComparison.Ordinal);
            Assert.Contains($"| `{kind.Type.Name}` |", page, StringComparison.Ordinal);
        });
    }

    /// <summary>Only a way of one's own is for others to derive. A record's copy constructor gives no new value.</summary>
    [Theory]
    [InlineData(typeof(Connection), false)]
    [InlineData(typeof(PlainConnection), false)]
    [InlineData(typeof(CarriedConnection), true)]
    public void Others_derive_a_carried_connection_alone(Type type, bool isOpen) => Assert.Equal(
        isOpen,
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(constructor => constructor.GetParameters().Length == 0 && (constructor.IsFamily || constructor.IsPublic || constructor.IsFamilyOrAssembly)));

    /// <summary>The kinds that a friend made up, as tests are friends.</summary>
    [Fact]
    public async Task A_kind_that_has_no_row_is_not_started()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        NotSupportedException here = await Assert.ThrowsAsync<NotSupportedException>(
            () => root.ConnectAsync(new OddConnection(), TestContext.Current.CancellationToken));
        Assert.Contains(nameof(OddConnection), here.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"the tag is (?<list>.*?)\. With another kind", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tags();

    private sealed record OddConnection : PlainConnection;
}
