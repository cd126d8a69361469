using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>Types that another assembly declares are checked by what can be seen of them, and named where that is not enough.</summary>
public sealed class PackableAssemblyTests
{
    private static readonly byte[] s_hostile = Convert.FromHexString("0202");

    [Fact]
    public void All_kinds_are_checked()
    {
        // Without the private member, which is not seen.
        string source = PackableTypes.Source.Replace("[MemoryPackInclude] private bool _secret = true;", "", StringComparison.Ordinal)
            .Replace("public decimal Decimal;", "public decimal Decimal { get; set; }", StringComparison.Ordinal);
        DataSample sample = Compile(source, PackableTypes.Cases).Register();
        foreach (string name in PackableCheckTests.Names.Select(row => row.Data))
        {
            Assert.Equal(
                PossibleValues.Describe(sample.Value(name)), PossibleValues.Describe(sample.Read(name, sample.Write(name))));
        }

        Assert.All(sample.Warnings, warning => Assert.Matches("Formatted|Brotli|Reversed|Foreign", warning));
    }

    [Fact]
    public void A_member_that_only_its_assembly_sees_is_named()
    {
        DataSample sample = Compile(
            "using MemoryPack; [MemoryPackable] public partial class Part { [MemoryPackInclude] private bool _a; public bool B { get; set; } }",
            "public static class Cases { public static Part Part = new(); }");
        Assert.StartsWith("Part: 'Part' has members with [MemoryPackInclude]", Assert.Single(sample.Warnings), StringComparison.Ordinal);
        Assert.Equal("020000", Convert.ToHexString(sample.Write("Part")));
    }

    [Fact]
    public void A_base_is_looked_at_too()
    {
        DataSample sample = Compile(
            """
            using MemoryPack;
            [MemoryPackable] public partial class Root { [MemoryPackInclude] protected internal bool A; [MemoryPackInclude] internal bool B; }
            [MemoryPackable] public partial class Part : Root { public bool C { get; set; } }
            """,
            "public static class Cases { public static List<Part> Parts = [new()]; }");
        Assert.StartsWith("List<Part>[]: ", Assert.Single(sample.Warnings), StringComparison.Ordinal);
        Assert.NotNull(sample.Read("Parts", sample.Write("Parts")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_callback_that_may_read_is_named(bool isForeign)
    {
        const string Library = """
            [MemoryPack.MemoryPackable]
            public partial class Part
            {
                public int A { get; set; }

                [MemoryPack.MemoryPackOnSerializing]
                private static void Write<T>(ref MemoryPack.MemoryPackWriter<T> writer, ref Part? value) where T : System.Buffers.IBufferWriter<byte> =>
                    writer.WriteVarInt(7);

                [MemoryPack.MemoryPackOnDeserializing]
                private static void Read(ref MemoryPack.MemoryPackReader reader, ref Part? value) => reader.ReadVarIntInt32();
            }
            """;
        const string Cases = "public static class Cases { public static Part Part = new() { A = 3 }; }";
        DataSample sample = isForeign ? Compile(Library, Cases) : DataSample.Compile(Library + Cases);
        Assert.Contains("callback", Assert.Single(sample.Warnings), StringComparison.Ordinal);
        Assert.Equal("070103000000", Convert.ToHexString(sample.Write("Part")));
        Assert.NotNull(sample.Read("Part", sample.Write("Part")));
    }

    [Fact]
    public void Fields_among_properties_are_named_because_their_order_is_not_seen()
    {
        const string Cases = "public static class Cases { public static Part Part = new(); }";
        DataSample mixed = Compile(
            "using MemoryPack; [MemoryPackable] public partial class Part { public string? A { get; set; } public bool B; }", Cases);
        Assert.Contains("their order is not known", Assert.Single(mixed.Warnings), StringComparison.Ordinal);

        DataSample ordered = Compile(
            """
            using MemoryPack;
            [MemoryPackable]
            public partial class Part { [MemoryPackOrder(1)] public string? A { get; set; } [MemoryPackOrder(0)] public bool B; }
            """,
            Cases);
        Assert.Empty(ordered.Warnings);
        Assert.Throws<MemoryPack.MemoryPackSerializationException>(() => ordered.Read("Part", s_hostile));
    }

    private static DataSample Compile(string library, string cases)
    {
        byte[] image = TestCompiler.Compile(library, "Library" + Guid.NewGuid().ToString("N")).AddPackables().EmitToArray();
        return DataSample.Compile(cases, image);
    }
}
