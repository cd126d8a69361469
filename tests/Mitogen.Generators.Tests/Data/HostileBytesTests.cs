using System.Buffers.Binary;
using System.Reflection;
using MemoryPack;

namespace Mitogen.Generators.Tests.Data;

/// <summary>No bytes give an impossible value, more memory than they are worth, or a stack overflow.</summary>
public sealed class HostileBytesTests
{
    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile("""
        public static class Cases
        {
            public static bool Bool;
            public static decimal Decimal;
            public static DateTime DateTime;
            public static DateTimeOffset DateTimeOffset;
            public static DateOnly DateOnly;
            public static TimeOnly TimeOnly;
            public static System.Text.Rune Rune;
            public static bool? OptionalBool;
            public static decimal? OptionalDecimal;
            public static bool[] Bools = [];
            public static List<decimal> Decimals = [];
            public static (int, bool) Pair;
            public static Flags Struct;
            public static Holder? Holder;
            public static string String = "";
            public static string[] Strings = [];
            public static int[] Ints = [];
            public static List<int> IntList = [];
            public static System.Numerics.Matrix4x4[] Matrices = [];
            public static Dictionary<int, bool> Map = [];
            public static int[,] Grid = new int[0, 0];
            public static string[,] TextGrid = new string[0, 0];
            public static Tree? Tree;
            public static Uri? Uri;
        }

        public struct Flags { public bool A; public int B; }
        public record Holder(string? Name, bool Flag, decimal Money);
        public class Tree { public Tree? Left { get; set; } public List<Tree?>? Rest { get; set; } }
        """));

    [Theory]
    [InlineData("Bool", "02")]
    [InlineData("Bool", "ff")]
    [InlineData("Decimal", "00001d00000000000000000000000000")] // scale 29
    [InlineData("Decimal", "01000000000000000000000000000000")] // a reserved flag
    [InlineData("Decimal", "ffffffffffffffffffffffffffffffff")]
    [InlineData("DateTime", "ffffffffffffff3f")]
    [InlineData("DateTime", "004037f47528ca2b")] // the day after the last
    [InlineData("DateTimeOffset", "49030000000000000000000000000001")] // 14 h 1 min
    [InlineData("DateTimeOffset", "3c000000000000000000000000000040")] // a kind
    [InlineData("DateTimeOffset", "c4ffffff000000000000000000000000")] // before the first day
    [InlineData("DateOnly", "ffffffff")]
    [InlineData("DateOnly", "dbb93700")] // the day after the last
    [InlineData("TimeOnly", "00c0692ac9000000")] // 24:00
    [InlineData("TimeOnly", "ffffffffffffffff")]
    [InlineData("Rune", "00d80000")]
    [InlineData("Rune", "00001100")]
    [InlineData("OptionalBool", "0200")]
    [InlineData("OptionalBool", "0102")]
    [InlineData("OptionalDecimal", "0100000000000000ffffffffffffffffffffffffffffffff")]
    [InlineData("Bools", "03000000000102")]
    [InlineData("Decimals", "01000000ffffffffffffffffffffffffffffffff")]
    [InlineData("Pair", "0100000002000000")]
    [InlineData("Struct", "0200000001000000")]
    [InlineData("Holder", "03ffffffff02")]
    [InlineData("Holder", "03ffffffff01ffffffffffffffffffffffffffffffff")]
    [InlineData("Holder", "04ffffffff")] // a member more than there are
    [InlineData("Map", "010000000100000002000000")]
    [InlineData("Uri", "f8ffffff07000000687474703a2f2f")] // http://
    public void A_value_that_is_none_is_refused(string name, string bytes) =>
        Assert.Throws<MemoryPackSerializationException>(() => Read(name, bytes));

    [Theory]
    [InlineData("Ints")]
    [InlineData("IntList")]
    [InlineData("Bools")]
    [InlineData("Decimals")]
    [InlineData("Strings")]
    [InlineData("Matrices")]
    [InlineData("Map")]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing(string name)
    {
        foreach (int count in new[] { 17, 0x04000001, int.MaxValue, int.MinValue, -2 })
        {
            byte[] bytes = new byte[20];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
            _ = Record.Exception(() => s_sample.Value.Read(name, [0, 0, 0, 0]));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read(name, bytes));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        }
    }

    // The library adds to the count before it looks at what is left: these wrap, and it reads two gigabytes past the message.
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MinValue + 3)]
    [InlineData(int.MinValue + 1000)]
    [InlineData(-100)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void A_string_longer_than_the_bytes_is_refused(int header)
    {
        byte[] bytes = new byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header);
        Assert.ThrowsAny<Exception>(() => s_sample.Value.Read("String", bytes));
        Assert.ThrowsAny<Exception>(() => s_sample.Value.Read("Strings", [1, 0, 0, 0, .. bytes]));
    }

    [Theory]
    [InlineData("Grid", 1 << 16, 1 << 16, 0)] // the product wraps to 0
    [InlineData("Grid", -1, -1, 1)]
    [InlineData("Grid", 1, 2, 1)]
    [InlineData("TextGrid", int.MaxValue, 2, -2)]
    [InlineData("TextGrid", 1000, 1000, 1000000)]
    public void Dimensions_that_do_not_match_the_count_are_refused(string name, int rows, int columns, int total)
    {
        byte[] bytes = new byte[1 + 12 + 16];
        bytes[0] = 3;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), columns);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(9), total);
        Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read(name, bytes));
    }

    [Fact]
    public void Nesting_is_bounded_when_read()
    {
        // 2 members: left is another tree, and so on.
        byte[] deepest = [.. Enumerable.Repeat((byte)2, 63), 0, .. Enumerable.Repeat<byte>(0xff, 63 * 4)];
        Assert.NotNull(s_sample.Value.Read("Tree", deepest));

        byte[] tooDeep = [.. Enumerable.Repeat((byte)2, 1_000_000)];
        Assert.Contains("64", Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read("Tree", tooDeep)).Message, StringComparison.Ordinal);

        // The count of levels is back at none after a failure.
        Assert.NotNull(s_sample.Value.Read("Tree", deepest));
    }

    [Fact]
    public void Nesting_is_bounded_when_written()
    {
        object tree = s_sample.Value.Read("Tree", [0])!;
        PropertyInfo left = tree.GetType().GetProperty("Left")!;
        left.SetValue(tree, tree);
        Assert.Contains("cycle", Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Write("Tree", tree)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_value_is_zero_whatever_was_sent()
    {
        decimal? read = (decimal?)s_sample.Value.Read("OptionalDecimal", Convert.FromHexString("0000000000000000ffffffffffffffffffffffffffffffff"));
        Assert.Equal(0m, read.GetValueOrDefault() + 0m);
    }

    [Fact]
    public void An_older_version_with_fewer_members_reads_as_defaults() =>
        Assert.Equal("Holder { Name = a, Flag = False, Money = 0 }", s_sample.Value.Read("Holder", Convert.FromHexString("01feffffff0100000061"))!.ToString());

    [Fact]
    public void Random_bytes_never_do_worse_than_an_exception()
    {
        Random random = new(20240229);
        string[] names = ["Holder", "Tree", "Map", "Strings", "Grid", "Struct", "Pair", "OptionalBool", "Decimals", "DateTimeOffset", "Uri"];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            for (int at = 0; at < bytes.Length; at++)
            {
                // Small numbers pass the first checks.
                bytes[at] = random.Next(3) == 0 ? bytes[at] : (byte)random.Next(4);
            }

            _ = Record.Exception(() => s_sample.Value.Read(names[i % names.Length], bytes));
        }
    }

    private static object? Read(string name, string bytes) => s_sample.Value.Read(name, Convert.FromHexString(bytes));
}
