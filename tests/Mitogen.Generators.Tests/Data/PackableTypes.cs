namespace Mitogen.Generators.Tests.Data;

/// <summary>Types of every kind that the library's generator knows, as source.</summary>
internal static class PackableTypes
{
    /// <summary>A value of each kind, in the fields of a class <c>Cases</c>.</summary>
    public const string Cases = """
        public static class Cases
        {
            public static Everything? Everything = Samples.Everything();
            public static Dictionary<int, Inner> Inners = new() { [1] = Samples.Inner() };
            public static Node? Node = new() { Flag = true, Next = new() { Others = [new(), null] } };
            public static Tolerant? Tolerant = Samples.Tolerant();
            public static Ring? Ring = Samples.Ring();
            public static IShape[]? Shapes = [new Circle { Radius = 1.5m }, new Box { Sides = [true, false], Inside = new Circle() }, null!];
            public static Bag? Bag = [1.25m, 2m];
            public static Tagged? Tagged = new() { [true] = Samples.Inner() };
            public static Price? Price = new Price { Amount = 9.75m, Currency = "EUR" };
            public static Formatted? Formatted = Samples.Formatted();
            public static Compressed? Compressed = new() { Text = new string('z', 100), Inner = Samples.Inner(), After = true };
            public static Generic<Plain>? Generic = new() { Value = new Plain("a", true), Values = [new Plain(null, false)] };
            public static Sheet? Sheet = Samples.Sheet();
            public static Adopted? Adopted = new() { Foreign = new Foreign { A = true }, Plains = [new Plain("b", true)], After = true };
            public static Order? Order = new(7, Samples.Inner(), [Samples.Inner()]);
        }
        """;

    /// <summary>The types.</summary>
    public const string Source = """
        using System.Collections.Immutable;
        using System.Globalization;
        using System.Text;
        using MemoryPack;

        public enum Mood : byte { Calm, Cross }
        public struct Flags { public bool A; public int B; private TimeOnly _c; public TimeOnly C { get => _c; set => _c = value; } }
        public record Plain(string? Name, bool Flag);
        public record Order(int Id, Inner? First, List<Inner> Rest);

        public sealed class Sheet
        {
            public required string Name { get; init; }
            public decimal? Price { get; init; }
            public (bool, string) Pair { get; init; }
            public DateTimeOffset At { get; set; }
            public Dictionary<string, TimeOnly>? Times { get; set; }
            public List<Sheet>? Sheets { get; set; }
            public Mark? Mark { get; set; }
            public Mark[] Marks { get; set; } = [];
            public bool[,]? Grid { get; set; }
            public Rune Rune;
        }

        public abstract record Mark
        {
            private Mark() { }
            public sealed record Yes(bool Sure) : Mark;
            public sealed record On(DateOnly Day, Mark? Then) : Mark;
        }

        /// <summary>Written by a formatter that the application registers.</summary>
        public class Foreign
        {
            public bool A { get; set; }

            public sealed class Formatter : MemoryPackFormatter<Foreign>
            {
                public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Foreign? value) =>
                    writer.WriteUnmanaged((byte)0x7A, value?.A ?? false);

                public override void Deserialize(ref MemoryPackReader reader, scoped ref Foreign? value)
                {
                    reader.ReadUnmanaged(out byte mark, out byte flag);
                    value = mark == 0x7A && flag < 2 ? new Foreign { A = flag == 1 } : throw new MemoryPackSerializationException("none");
                }
            }
        }

        [MemoryPackable]
        public partial class Adopted
        {
            static partial void StaticConstructor() => MemoryPackFormatterProvider.Register(new Foreign.Formatter());

            [MemoryPackAllowSerialize] public Foreign? Foreign { get; set; }
            public List<Plain>? Plains { get; set; }
            public Foreign[]? More { get; set; } = [new()];
            public bool After { get; set; }
        }

        [MemoryPackable]
        public partial class Base
        {
            public bool Root { get; set; }
            public virtual decimal Virtual { get; set; }
            public string? Hidden { get; set; }
        }

        [MemoryPackable]
        public partial class Everything : Base
        {
            public override decimal Virtual { get; set; }
            public new bool Hidden { get; set; }
            public bool Bool { get; set; }
            public decimal Decimal;
            public DateTime DateTime { get; set; }
            public DateTimeOffset Date { get; set; }
            public DateOnly Day { get; set; }
            public TimeOnly Time { get; set; }
            public Rune Rune { get; set; }
            public Mood Mood { get; set; }
            public decimal? Maybe { get; set; }
            public bool? MaybeNot { get; set; }
            [MemoryPackInclude] private bool _secret = true;
            [MemoryPackIgnore] public object? Ignored { get; set; }
            public string Computed => "computed";
            public string? Text { get; set; }
            public string?[]? Texts { get; set; }
            public decimal[]? Decimals { get; set; }
            public bool?[]? Answers { get; set; }
            public bool[,]? Grid { get; set; }
            public string[,]? TextGrid { get; set; }
            public List<bool>? List { get; set; }
            public HashSet<DateOnly>? Set { get; set; }
            public Stack<string>? Stack { get; set; }
            public Dictionary<string, decimal>? Map { get; set; }
            public IReadOnlyDictionary<int, bool>? Interface { get; set; }
            public ImmutableArray<decimal> Immutable { get; set; }
            public KeyValuePair<byte, bool> RawPair { get; set; }
            public KeyValuePair<string, bool> Pair { get; set; }
            public (byte, bool) RawTuple { get; set; }
            public (string, decimal) ValueTuple { get; set; }
            public Tuple<string, bool>? Tuple { get; set; }
            public Uri? Uri { get; set; }
            public Version? Version { get; set; }
            public StringBuilder? Builder { get; set; }
            public CultureInfo? Culture { get; set; }
            public TimeZoneInfo? Zone { get; set; }
            public Lazy<decimal>? Lazy { get; set; }
            public Flags Flags { get; set; }
            public Flags? MaybeFlags { get; set; }
            public Flags[]? ManyFlags { get; set; }
            public Price Price { get; set; }
            public Price? MaybePrice { get; set; }
            public Inner? Inner { get; set; }
            public Inner[]? InnerArray { get; set; }
            public List<Inner?>? InnerList { get; set; }
            public Dictionary<int, Inner>? InnerMap { get; set; }
            public IShape? Shape { get; set; }
            public Tolerant? Tolerant { get; set; }
            public Bag? Bag { get; set; }
            public ReadOnlyMemory<bool> Memory { get; set; }
        }

        [MemoryPackable]
        public partial record Inner([property: MemoryPackOrder(1)] bool Flag, [property: MemoryPackOrder(0)] string Name);

        [MemoryPackable]
        public partial struct Price { public decimal Amount { get; set; } public string Currency { get; set; } }

        [MemoryPackable]
        public partial class Node
        {
            public bool Flag { get; set; }
            public Node? Next { get; set; }
            public List<Node?>? Others { get; set; }
        }

        [MemoryPackable(GenerateType.VersionTolerant)]
        public partial class Tolerant
        {
            [MemoryPackOrder(3)] public Inner? Inner { get; set; }
            [MemoryPackOrder(0)] public bool Flag { get; set; }
            [MemoryPackOrder(2)] public decimal[]? Decimals { get; set; }
        }

        [MemoryPackable(GenerateType.CircularReference)]
        public partial class Ring
        {
            [MemoryPackOrder(0)] public string? Name { get; set; }
            [MemoryPackOrder(1)] public Ring? Next { get; set; }
            [MemoryPackOrder(2)] public bool Flag { get; set; }
        }

        [MemoryPackable, MemoryPackUnion(0, typeof(Circle)), MemoryPackUnion(300, typeof(Box))]
        public partial interface IShape;

        [MemoryPackable]
        public partial class Circle : IShape { public decimal Radius { get; set; } }

        [MemoryPackable]
        public partial class Box : IShape { public bool[]? Sides { get; set; } public IShape? Inside { get; set; } }

        [MemoryPackable(GenerateType.Collection)]
        public partial class Bag : List<decimal>;

        [MemoryPackable(GenerateType.Collection)]
        public partial class Tagged : Dictionary<bool, Inner>;

        [MemoryPackable]
        public partial class Generic<T> { public T? Value { get; set; } public T[]? Values { get; set; } }

        [MemoryPackable]
        public partial class Formatted
        {
            [Utf8StringFormatter] public string? Utf8 { get; set; }
            [Utf16StringFormatter] public string? Utf16 { get; set; }
            [InternStringFormatter] public string? Interned { get; set; }
            [BitPackFormatter] public bool[]? Packed { get; set; }
            [OrdinalIgnoreCaseStringDictionaryFormatter<decimal>] public Dictionary<string, decimal>? Headers { get; set; }
            [MemoryPoolFormatter<byte>] public Memory<byte> Pooled { get; set; }
            [Reversed(Name = "of a sort")] public string? Own { get; set; }
            public decimal After { get; set; }
        }

        [MemoryPackable]
        public partial class Compressed
        {
            [BrotliStringFormatter(window: 20)] public string? Text { get; set; }
            [BrotliFormatter<Inner>] public Inner? Inner { get; set; }
            public bool After { get; set; }
        }

        public sealed class ReversedAttribute : MemoryPackCustomFormatterAttribute<string>
        {
            public string? Name { get; set; }

            public override IMemoryPackFormatter<string> GetFormatter() => new Formatter();

            private sealed class Formatter : MemoryPackFormatter<string>
            {
                public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string? value) =>
                    writer.WriteString(value is null ? null : new string([.. value.Reverse()]));

                public override void Deserialize(ref MemoryPackReader reader, scoped ref string? value) =>
                    value = reader.ReadString() is { } text ? new string([.. text.Reverse()]) : null;
            }
        }

        public static class Samples
        {
            public static Inner Inner() => new(true, "inner");

            public static Tolerant Tolerant() => new() { Flag = true, Decimals = [1.5m], Inner = Inner() };

            public static Ring Ring()
            {
                Ring first = new() { Name = "a" };
                first.Next = new() { Name = "b", Next = first, Flag = true };
                return first;
            }

            public static Sheet Sheet() => new()
            {
                Name = "top", Price = 1.5m, Pair = (true, "x"), At = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(9)),
                Times = new() { ["noon"] = new TimeOnly(12, 0) }, Sheets = [new() { Name = "below" }], Mark = new Mark.Yes(true),
                Marks = [new Mark.On(new DateOnly(2024, 2, 29), new Mark.Yes(false))], Grid = new[,] { { true } }, Rune = new Rune('x'),
            };

            public static Formatted Formatted() => new()
            {
                Utf8 = "héllo", Utf16 = "日本", Interned = "x", Packed = [true, false, true], Headers = new() { ["a"] = 1.5m }, Pooled = new byte[] { 1, 2 },
                Own = "abc", After = 2.5m,
            };

            public static Everything Everything() => new()
            {
                Root = true, Virtual = 1.5m, Hidden = true, Bool = true, Decimal = -12.34m, DateTime = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc),
                Date = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(9)), Day = new DateOnly(2024, 2, 29), Time = new TimeOnly(23, 59),
                Rune = new Rune(0x1F600), Mood = Mood.Cross, Maybe = 3.25m, MaybeNot = false, Text = "héllo", Texts = ["a", null, ""], Decimals = [1.1m, 2.2m],
                Answers = [true, null], Grid = new[,] { { true, false } }, TextGrid = new[,] { { "x" }, { "y" } }, List = [true, false],
                Set = [new DateOnly(2024, 1, 1)], Stack = new(["p", "q"]), Map = new() { ["k"] = 4.5m }, Interface = new Dictionary<int, bool> { [1] = true },
                Immutable = [5.5m], RawPair = new(7, true), Pair = new("key", true), RawTuple = (1, true), ValueTuple = ("t", 6.5m), Tuple = new("u", true),
                Uri = new Uri("http://example.com/a"), Version = new Version(1, 2, 3, 4), Builder = new StringBuilder("abc"),
                Culture = CultureInfo.InvariantCulture, Zone = TimeZoneInfo.Utc, Lazy = new Lazy<decimal>(7.5m), Flags = new Flags { A = true, B = 2, C = new TimeOnly(1, 2) },
                MaybeFlags = new Flags { B = 3 }, ManyFlags = [new Flags { A = true }, default], Price = new Price { Amount = 1m, Currency = "EUR" },
                MaybePrice = new Price { Amount = 2m, Currency = "USD" }, Inner = Inner(), InnerArray = [Inner()], InnerList = [Inner(), null],
                InnerMap = new() { [1] = Inner() }, Shape = new Circle { Radius = 8.5m }, Tolerant = Tolerant(), Bag = [9.5m], Memory = new[] { true, false },
            };
        }
        """;
}
