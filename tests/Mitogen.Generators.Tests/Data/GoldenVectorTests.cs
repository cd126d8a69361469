using System.Globalization;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>Pins what generated code writes to the library's format.</summary>
public sealed class GoldenVectorTests
{
    private static readonly Vector[] s_vectors = [.. Load()];

    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile($$"""
        using MemoryPack;

        public static class Cases
        {
            {{string.Join("\n    ", s_vectors.Select(vector => $"public static readonly {vector.Type} {vector.Name} = {vector.Value};"))}}
        }

        public class C0;

        public class C1
        {
            public int A { get; set; }
            public string? B { get; set; }
        }

        public record R1(int Id, List<C1?>? Items);

        public struct S1
        {
            public int A;
            public byte B;
        }

        public struct S2
        {
            public int A;
            public string B;
        }

        public enum BE : byte
        {
            A = 1,
            B = 2,
        }

        [MemoryPackable, MemoryPackUnion(0, typeof(UA)), MemoryPackUnion(300, typeof(UB))]
        public partial interface IU;

        [MemoryPackable]
        public partial class UA : IU
        {
            public int A { get; set; }
        }

        [MemoryPackable]
        public partial class UB : IU
        {
            public string? B { get; set; }
        }

        [MemoryPackable(GenerateType.VersionTolerant)]
        public partial class VT
        {
            [MemoryPackOrder(0)]
            public int A { get; set; }

            [MemoryPackOrder(2)]
            public string? B { get; set; }
        }

        [MemoryPackable(GenerateType.CircularReference)]
        public partial class CR
        {
            [MemoryPackOrder(0)]
            public string? Name { get; set; }

            [MemoryPackOrder(1)]
            public CR? Next { get; set; }

            public static CR Loop(string name)
            {
                CR value = new() { Name = name };
                value.Next = value;
                return value;
            }
        }
        """));

    public static TheoryData<string, string, string> Vectors()
    {
        TheoryData<string, string, string> rows = [];
        foreach (Vector vector in s_vectors)
        {
            rows.Add(vector.Name, $"{vector.Type} = {vector.Value}", vector.Bytes);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Is_written_as_the_library_writes_it(string name, string value, string bytes)
    {
        Assert.NotEmpty(value);
        Assert.Equal(bytes, Convert.ToHexStringLower(s_sample.Value.Write(name)));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Is_read_as_it_was_written(string name, string value, string bytes)
    {
        Assert.NotEmpty(value);
        object? read = s_sample.Value.Read(name, Convert.FromHexString(bytes));
        Assert.Equal(bytes, Convert.ToHexStringLower(s_sample.Value.Write(name, read)));
        Assert.Equal(Show(s_sample.Value.Value(name)), Show(read));
    }

    [Fact]
    public void All_vectors_are_there() => Assert.Equal(116, s_vectors.Length);

    // The library writes UTF-16 if its options say so; ours never do.
    [Fact]
    public void A_string_in_UTF_16_is_read()
    {
        string name = s_vectors.First(vector => vector.Type == "string?").Name;
        Assert.Equal("héllo", s_sample.Value.Read(name, Convert.FromHexString("050000006800e9006c006c006f00")));
    }

    // Json shows every type of the table by its content, so that equality needs no operator of the sample's types.
    private static string Show(object? value) => value switch
    {
        Memory<byte> memory => Convert.ToHexString(memory.Span),
        System.Buffers.ReadOnlySequence<byte> sequence => Convert.ToHexString(System.Buffers.BuffersExtensions.ToArray(sequence)),
        int[,] grid => string.Join(' ', grid.Cast<int>().Prepend(grid.GetLength(0))),
        Lazy<int> lazy => lazy.Value.ToString(CultureInfo.InvariantCulture),
        System.Numerics.Complex or System.Numerics.Vector3 or System.Text.StringBuilder or System.Text.Rune or double => value.ToString()!,
        _ => System.Text.Json.JsonSerializer.Serialize(value, s_json),
    };

    private static readonly System.Text.Json.JsonSerializerOptions s_json = new()
    {
        IncludeFields = true,
        ReferenceHandler = System.Text.Json.Serialization.ReferenceHandler.IgnoreCycles,
    };

    private static IEnumerable<Vector> Load() =>
        from line in File.ReadLines(Path.Combine(TestCompiler.ProjectFolder(), "Data", "golden-vectors.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        select line.Split('`') into cells
        select new Vector("V" + Hash(cells), cells[1], cells[3], cells[5]);

    private static string Hash(string[] cells) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(cells[1] + "=" + cells[3])))[..12];

    private sealed record Vector(string Name, string Type, string Value, string Bytes);
}
