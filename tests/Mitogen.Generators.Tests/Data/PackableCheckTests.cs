using System.Buffers.Binary;
using MemoryPack;

namespace Mitogen.Generators.Tests.Data;

/// <summary>What the library reads by its own code was checked before: no bytes give an impossible value there either.</summary>
public sealed class PackableCheckTests
{
    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile(PackableTypes.Source + PackableTypes.Cases).Register());

    public static TheoryData<string> Names =>
        ["Everything", "Inners", "Node", "Tolerant", "Ring", "Shapes", "Bag", "Tagged", "Price", "Formatted", "Generic", "Order", "Sheet", "Adopted"];

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("Compressed")]
    public void It_passes_what_the_library_writes(string name)
    {
        Assert.Equal(
            PossibleValues.Describe(s_sample.Value.Value(name)),
            PossibleValues.Describe(s_sample.Value.Read(name, s_sample.Value.Write(name))));
        if (Nullable.GetUnderlyingType(s_sample.Value.TypeOf(name)) is not null || !s_sample.Value.TypeOf(name).IsValueType)
        {
            Assert.Null(s_sample.Value.Read(name, s_sample.Value.Write(name, null)));
        }
    }

    /// <summary>Each byte is replaced by each of a few others, and each run of four by hostile lengths.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void No_change_of_the_bytes_gives_an_impossible_value(string name)
    {
        byte[] written = s_sample.Value.Write(name);
        int refused = 0;
        foreach (byte[] hostile in Mutations(written))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                object? read = s_sample.Value.Read(name, hostile);
                Assert.NotEmpty(PossibleValues.Describe(read));
            }
            catch (Exception problem) when (IsOrderly(problem))
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
        }

        Assert.NotEqual(0, refused);
    }

    [Theory]
    [InlineData("Node", "0302ffffffffff")] // a boolean of 2
    [InlineData("Price", "010201000000ffffffffffffffffffffffffffff")] // a decimal of the scale 255
    [InlineData("Bag", "01000000ffffffffffffffffffffffffffffffff")]
    [InlineData("Bag", "ffffff7f")]
    [InlineData("Bag", "feffffff")]
    [InlineData("Shapes", "010000000100")] // no such tag
    [InlineData("Shapes", "01000000fa2d0100")]
    [InlineData("Tolerant", "04")] // no lengths
    [InlineData("Tolerant", "010202")] // two bytes for a boolean
    [InlineData("Tolerant", "0186ff")] // a length of -1
    [InlineData("Tolerant", "01817fffffffffffffff")] // a length of 64 bits
    [InlineData("Ring", "fa00")] // a reference to what was not sent
    [InlineData("Generic", "0202000000")] // more members of the inner type than it has
    public void A_value_that_is_none_is_refused(string name, string bytes) =>
        Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read(name, Convert.FromHexString(bytes)));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MinValue + 3)]
    [InlineData(-100)]
    [InlineData(int.MaxValue)]
    public void A_string_longer_than_the_bytes_is_refused(int header)
    {
        byte[] bytes = [2, 0, 0, 0, 0, 1, 0, 0, 0, 1];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), header);
        Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read("Order", [3, 0, 0, 0, 0, .. bytes]));
    }

    [Fact]
    public void A_string_of_more_characters_than_bytes_is_refused() => Assert.Contains(
        "characters",
        Assert.Throws<MemoryPackSerializationException>(
            () => s_sample.Value.Read("Order", [3, 0, 0, 0, 0, 2, 0xfe, 0xff, 0xff, 0xff, 2, 0, 0, 0, (byte)'a', 1, 0, 0, 0, 0])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Nesting_is_bounded() => AssertTooDeep("Node", [.. Enumerable.Repeat<byte[]>([2, 0], 100_000).SelectMany(level => level)]);

    [Fact]
    public void Nesting_is_bounded_by_references_too()
    {
        // Of each the count, the lengths of its members, of which the first is absent, its id, and the next one.
        byte[] ring = [255];
        for (byte id = 0; id < 70; id++)
        {
            ring = [2, 0, 0x84, (byte)ring.Length, (byte)(ring.Length >> 8), id, .. ring];
        }

        AssertTooDeep("Ring", ring);
    }

    [Fact]
    public void An_absent_value_may_hold_no_impossible_one()
    {
        // The members up to the optional decimal; its flag is clear, and its bytes are set.
        byte[] written = s_sample.Value.Write("Everything");
        int at = IndexOf(written, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
        written[at] = 0;
        Assert.NotNull(s_sample.Value.Read("Everything", written));
        written[at + 10] = 29;
        Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read("Everything", written));
    }

    [Fact]
    public void A_member_that_a_newer_version_adds_is_skipped_by_its_length()
    {
        object read = s_sample.Value.Read("Tolerant", Convert.FromHexString("0501000000030107" + "0809"))!;
        Assert.True((bool)read.GetType().GetProperty("Flag")!.GetValue(read)!);
    }

    private static void AssertTooDeep(string name, byte[] bytes) => Assert.Contains(
        "64 deep", Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Read(name, bytes)).Message, StringComparison.Ordinal);

    private static int IndexOf(byte[] bytes, byte[] part)
    {
        int at = bytes.AsSpan().IndexOf(part);
        Assert.True(at >= 0);
        return at;
    }

    private static IEnumerable<byte[]> Mutations(byte[] written)
    {
        for (int at = 0; at < written.Length; at++)
        {
            foreach (byte value in new byte[] { 0, 2, 0x1d, 0x7f, 0xfa, 0xff, (byte)(written[at] + 1) })
            {
                byte[] hostile = [.. written];
                hostile[at] = value;
                yield return hostile;
            }

            yield return written[..at];
            foreach (int value in new[] { int.MinValue, -2, int.MaxValue, 1 << 24 })
            {
                byte[] hostile = [.. written, .. new byte[4]];
                BinaryPrimitives.WriteInt32LittleEndian(hostile.AsSpan(at), value);
                yield return hostile[..written.Length];
            }
        }
    }

    // What a constructor or a parser says of a value; never what is thrown where memory is read that is not the message's.
    private static bool IsOrderly(Exception problem) => problem is MemoryPackSerializationException or ArgumentException or FormatException
        or OverflowException or InvalidCastException or TimeZoneNotFoundException or InvalidTimeZoneException or InvalidOperationException
        or System.Runtime.Serialization.SerializationException;
}
