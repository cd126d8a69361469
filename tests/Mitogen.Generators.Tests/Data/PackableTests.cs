namespace Mitogen.Generators.Tests.Data;

/// <summary>Types marked with <c>[MemoryPackable]</c> are written by their own code, which finds the formatters of plain types.</summary>
public sealed class PackableTests
{
    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile("""
        using System.Buffers;
        using MemoryPack;

        public static class Cases
        {
            public static Box<Plain> Boxed = new() { Value = new Plain(7, [1]) };
            public static List<Box<Plain>> Boxes = [new() { Value = new Plain(8, null) }];
            public static IUnion Union = new Case();
            public static Own Own = new() { Value = 3 };
            public static Derivable Derived = new Derivable.More();
        }

        public record Plain(int Id, List<byte>? Bytes);

        [MemoryPackable]
        public sealed partial class Box<T>
        {
            public T? Value { get; set; }
        }

        [MemoryPackable]
        [MemoryPackUnion(0, typeof(Case))]
        public partial interface IUnion;

        [MemoryPackable]
        public sealed partial record Case : IUnion;

        [MemoryPackable(GenerateType.NoGenerate)]
        public sealed partial class Own
        {
            static Own() => MemoryPackFormatterProvider.Register(new Formatter());
            public int Value;

            private sealed class Formatter : MemoryPackFormatter<Own>
            {
                public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Own? value) => writer.WriteUnmanaged(value!.Value);
                public override void Deserialize(ref MemoryPackReader reader, scoped ref Own? value) => value = new Own { Value = reader.ReadUnmanaged<int>() };
            }
        }

        public class Derivable
        {
            public int A { get; set; }
            public sealed class More : Derivable { public int B { get; set; } }
        }
        """).Register());

    [Theory]
    [InlineData("Boxed", "0102070000000100000001")]
    [InlineData("Boxes", "01000000010208000000ffffffff")]
    [InlineData("Union", "0000")]
    [InlineData("Own", "03000000")]
    public void Its_own_code_writes_and_reads_it(string name, string bytes)
    {
        Assert.Equal(bytes, Convert.ToHexStringLower(s_sample.Value.Write(name)));
        Assert.Equal(bytes, Convert.ToHexStringLower(s_sample.Value.Write(name, s_sample.Value.Read(name, Convert.FromHexString(bytes)))));
    }

    [Fact]
    public void A_derived_value_is_refused_rather_than_cut_down() => Assert.Contains(
        "[MemoryPackUnion]", Assert.Throws<MemoryPack.MemoryPackSerializationException>(() => s_sample.Value.Write("Derived")).Message, StringComparison.Ordinal);
}
