using MemoryPack;

namespace Mitogen.Generators.Tests.Data;

/// <summary>An abstract class from which only its own assembly can derive is written as the library writes unions.</summary>
public sealed class HierarchyTests
{
    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile("""
        public static class Cases
        {
            public static Shape? Circle = new Shape.Circle(2m);
            public static Shape? Group = new Group([new Shape.Circle(1m), null, new Named("x") { Place = 3 }]);
            public static Shape? Named = new Named("y") { Place = 4 };
            public static Shape? Odd = new MoreNamed("z");
            public static Result<int>? Int = new Result<int>.Ok(7);
            public static Result<string>? Text = new Failed<string>("no");
            public static PackedBox<Shape>? Boxed = new() { Value = new Shape.Circle(3m) };
        }

        public abstract record Shape
        {
            private protected Shape() { }
            public int Place { get; init; }
            public sealed record Circle(decimal Radius) : Shape;
        }

        public abstract record Group0 : Shape;
        public sealed record Group(List<Shape?> Items) : Group0;
        public record Named(string Name) : Shape;
        public sealed record MoreNamed(string Name) : Named(Name);

        public abstract class Result<T>
        {
            private protected Result() { }
            public sealed class Ok(T value) : Result<T> { public T Value { get; } = value; }
        }

        public sealed class Failed<T>(string reason) : Result<T> { public string Reason { get; } = reason; }

        [MemoryPack.MemoryPackable]
        public partial class PackedBox<T> { public T? Value { get; set; } }
        """).Register());

    // Tags by the ordinal order of the full names: Group, MoreNamed, Named, Shape+Circle; and Failed`1, Result`1+Ok.
    [Theory]
    [InlineData("Circle", "03" + "02" + "00000000" + "00000000000000000200000000000000")]
    [InlineData("Named", "02" + "02" + "04000000" + "feffffff0100000079")]
    [InlineData("Odd", "01" + "02" + "00000000" + "feffffff010000007a")]
    [InlineData("Group", "00" + "02" + "00000000" + "03000000" + "03020000000000000000000000000100000000000000" + "ff" + "020203000000feffffff0100000078")]
    [InlineData("Int", "01" + "01" + "07000000")]
    [InlineData("Text", "00" + "01" + "fdffffff020000006e6f")]
    [InlineData("Boxed", "01" + "03" + "02" + "00000000" + "00000000000000000300000000000000")]
    public void It_is_a_tag_and_the_value(string name, string bytes)
    {
        Assert.Equal(bytes, Convert.ToHexStringLower(s_sample.Value.Write(name)));
        Assert.Equal(
            PossibleValues.Describe(s_sample.Value.Value(name)),
            PossibleValues.Describe(s_sample.Value.Read(name, Convert.FromHexString(bytes))));
    }

    [Fact]
    public void Null_is_its_own_tag()
    {
        Assert.Equal([0xFF], s_sample.Value.Write("Circle", null));
        Assert.Null(s_sample.Value.Read("Circle", [0xFF]));
    }

    [Theory]
    [InlineData("Circle", "04")] // no such tag
    [InlineData("Circle", "fa0400")]
    [InlineData("Circle", "03" + "02" + "00000000" + "ffffffffffffffffffffffffffffffff")]
    [InlineData("Circle", "03" + "03")] // more members than it has
    [InlineData("Boxed", "0104")]
    [InlineData("Boxed", "01" + "03" + "02" + "00000000" + "ffffffffffffffffffffffffffffffff")]
    public void A_value_that_is_none_is_refused(string name, string bytes) =>
        Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read(name, Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("Group")]
    [InlineData("Boxed")]
    public void Nesting_is_bounded(string name)
    {
        byte[] level = Convert.FromHexString("00" + "02" + "00000000" + "01000000");
        byte[] bytes = [.. Enumerable.Repeat(level, 100_000).SelectMany(part => part)];
        Assert.Contains(
            "64 deep",
            Assert.Throws<MemoryPackSerializationException>(
                () => s_sample.Value.Read(name, name == "Boxed" ? [1, .. bytes] : bytes)).Message,
            StringComparison.Ordinal);
    }
}
