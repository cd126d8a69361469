using System.Text.RegularExpressions;
using Mitogen.Generators.Emission;
using Mitogen.Generators.Parsing;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>What changes the id of a program's contracts, and what does not.</summary>
public sealed partial class BuildIdTests
{
    private const string Source = """
        public sealed record Order(int Id, string Customer);
        public struct Point { public int X; public short Y; }
        [Remote] public interface IShop { Task PlaceAsync(Order order); Task<Point> WhereAsync(); void Close(); }
        [RemoteService] public class Shop : IShop
        {
            public Task PlaceAsync(Order order) => Task.CompletedTask;
            public Task<Point> WhereAsync() => Task.FromResult(new Point());
            public void Close() { }
        }
        """;

    [Theory]
    [InlineData("int Id, string Customer", "string Customer, int Id")]
    [InlineData("int Id, string Customer", "long Id, string Customer")]
    [InlineData("int Id, string Customer", "int Id, string Customer, int More")]
    [InlineData("public int X; public short Y;", "public int X; public int Y;")]
    [InlineData("void Close()", "int Close()")]
    [InlineData("void Close()", "void Close(int status)")]
    [InlineData("void Close()", "[OneWay] void Close()")]
    [InlineData("interface IShop {", "interface IShop { void Open();")]
    public void What_is_sent_in_another_way_changes_it(string before, string after) => Assert.NotEqual(IdOf(Source), IdOf(Change(before, after)));

    [Theory]
    [InlineData("Order order", "Order placed")]
    [InlineData("Task<Point> WhereAsync(); void Close();", "void Close(); Task<Point> WhereAsync();")]
    [InlineData("=> Task.CompletedTask", "=> Task.Delay(1)")]
    [InlineData("[RemoteService] public class Shop", "// A comment.\n[RemoteService] public class Shop")]
    public void Whatever_else_changes_does_not(string before, string after) => Assert.Equal(IdOf(Source), IdOf(Change(before, after)));

    [Fact]
    public void Assemblies_have_ids_of_their_own() => Assert.NotEqual(IdOf(Source), IdOf(Source, "Other"));

    [Fact]
    public void It_is_the_hash_of_the_whole_text_however_long_that_is()
    {
        string[] texts = [.. Enumerable.Range(0, 5).Select(static i => new string('a', 4094 + i) + "👩‍🚀é文" + new string('b', 4096))];

        Assert.Equal(Identity.OfContract($"N\n{string.Concat(texts.Order(StringComparer.Ordinal))}f"), BuildId.Of("N", texts, "f"));
    }

    [Fact]
    public void A_catalog_combines_them_in_any_order()
    {
        RemoteCatalog one = new();
        RemoteCatalog two = new();
        Assert.Equal(0ul, one.BuildId);
        foreach (ulong id in (ulong[])[1, 2, 3, 2])
        {
            one.AddBuild(id);
        }

        foreach (ulong id in (ulong[])[3, 1, 2])
        {
            two.AddBuild(id);
        }

        Assert.Equal(one.BuildId, two.BuildId);
        two.AddBuild(4);
        Assert.NotEqual(one.BuildId, two.BuildId);
    }

    private static string Change(string before, string after)
    {
        Assert.Contains(before, Source, StringComparison.Ordinal);
        return Source.Replace(before, after, StringComparison.Ordinal);
    }

    private static string IdOf(string source, string assembly = "Sample") =>
        BuildLine().Match(TestCompiler.Generate(source, assembly)["Build.g.cs"]).Groups[1].Value is { Length: 16 } id
            ? id
            : throw new InvalidOperationException("No id is registered.");

    [GeneratedRegex(@"Id = 0x([0-9a-f]+)UL;")]
    private static partial Regex BuildLine();
}
