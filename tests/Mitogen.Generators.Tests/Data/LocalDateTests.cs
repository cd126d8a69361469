using MemoryPack;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>A local date is the same instant in another time zone, wherever it stands.</summary>
[Collection(TimeZoneCollection.Name)]
public sealed class LocalDateTests
{
    private const string East = "Asia/Tokyo";
    private const string West = "America/New_York";

    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile("""
        public static class Cases
        {
            public static DateTime Alone;
            public static DateTime? Optional;
            public static DateTime[] Array = [];
            public static DateTime[,] Grid = new DateTime[0, 0];
            public static List<DateTime?> List = [];
            public static ImmutableArray<DateTime> Immutable;
            public static (DateTime At, int Rank) RawTuple;
            public static (DateTime At, string Name) Tuple;
            public static KeyValuePair<byte, DateTime> Pair;
            public static Dictionary<string, DateTime> Map = [];
            public static Entry? Record;
            public static Stamp Struct;
            public static Stamp?[] Structs = [];
            public static Outer Nested;
            public static Lazy<DateTime>? Lazy;
        }

        public record Entry(DateTime At);
        public readonly record struct Stamp(byte Kind, DateTime At);
        public struct Outer { private bool _flag; private Stamp? _stamp; public Stamp? Stamp { get => _stamp; set { _stamp = value; _flag = true; } } }
        """.Replace("ImmutableArray", "System.Collections.Immutable.ImmutableArray", StringComparison.Ordinal)));

    private static readonly DateTime s_utc = new(2024, 2, 29, 3, 4, 5, DateTimeKind.Utc);

    public static TheoryData<string> Names =>
    [
        "Alone", "Optional", "Array", "Grid", "List", "Immutable", "RawTuple", "Tuple", "Pair", "Map", "Record", "Struct", "Structs", "Nested", "Lazy",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_the_same_instant(string name)
    {
        byte[] bytes;
        using (new LocalZone(East))
        {
            bytes = s_sample.Value.Write(name, Make(name, s_utc.ToLocalTime()));
        }

        using (new LocalZone(West))
        {
            DateTime read = Take(name, s_sample.Value.Read(name, bytes)!);
            Assert.Equal(DateTimeKind.Local, read.Kind);
            Assert.Equal(s_utc, read.ToUniversalTime());
        }
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Unspecified)]
    public void Another_is_the_same_time_of_day(DateTimeKind kind)
    {
        DateTime sent = DateTime.SpecifyKind(s_utc, kind);
        byte[] bytes;
        using (new LocalZone(East))
        {
            bytes = s_sample.Value.Write("Alone", sent);
        }

        using (new LocalZone(West))
        {
            DateTime read = (DateTime)s_sample.Value.Read("Alone", bytes)!;
            Assert.Equal((sent, kind), (read, read.Kind));
        }
    }

    [Theory]
    [InlineData(East)]
    [InlineData(West)]
    public void The_first_and_the_last_and_the_hour_that_comes_twice_come_back(string zone)
    {
        using (new LocalZone(zone))
        {
            DateTime twice = new DateTime(2024, 11, 3, 5, 30, 0, DateTimeKind.Utc).ToLocalTime();
            foreach (DateTime sent in new[] { DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Local), twice, twice.ToUniversalTime().AddHours(1).ToLocalTime() })
            {
                DateTime read = (DateTime)s_sample.Value.Read("Alone", s_sample.Value.Write("Alone", sent))!;
                Assert.Equal(sent, read);
                Assert.Equal(sent.ToUniversalTime(), read.ToUniversalTime());
            }
        }
    }

    [Theory]
    [InlineData("00000000000000b0")]
    [InlineData("ff3f37f47528ca2b", false)]
    [InlineData("ff3f37f47528caab")]
    public void One_that_is_past_the_last_is_refused(string bytes, bool refused = true)
    {
        using (new LocalZone(East))
        {
            Exception? problem = Record.Exception(() => s_sample.Value.Read("Alone", Convert.FromHexString(bytes)));
            Assert.Equal(refused, problem is MemoryPackSerializationException);
        }
    }

    private static object Make(string name, DateTime at)
    {
        Type type = s_sample.Value.TypeOf(name);
        object Stamp() => Activator.CreateInstance(s_sample.Value.TypeOf("Struct"), (byte)1, at)!;

        switch (name)
        {
            case "Alone" or "Optional":
                return at;
            case "Array":
                return new[] { at };
            case "Grid":
                return new[,] { { at } };
            case "List":
                return new List<DateTime?> { null, at };
            case "Immutable":
                return System.Collections.Immutable.ImmutableArray.Create(at);
            case "RawTuple":
                return (at, 1);
            case "Tuple":
                return (at, "name");
            case "Pair":
                return new KeyValuePair<byte, DateTime>(1, at);
            case "Map":
                return new Dictionary<string, DateTime> { ["a"] = at };
            case "Lazy":
                return new Lazy<DateTime>(at);
            case "Struct":
                return Stamp();
            case "Structs":
                Array all = Array.CreateInstance(type.GetElementType()!, 2);
                all.SetValue(Stamp(), 1);
                return all;
            case "Nested":
                object outer = Activator.CreateInstance(type)!;
                type.GetProperty("Stamp")!.SetValue(outer, Stamp());
                return outer;
            default:
                return Activator.CreateInstance(type, at)!;
        }
    }

    private static DateTime Take(string name, object value) => value switch
    {
        DateTime at => at,
        DateTime[] all => all[0],
        DateTime[,] all => all[0, 0],
        List<DateTime?> all => all[1]!.Value,
        System.Collections.Immutable.ImmutableArray<DateTime> all => all[0],
        (DateTime at, int) => at,
        (DateTime at, string) => at,
        KeyValuePair<byte, DateTime> pair => pair.Value,
        Dictionary<string, DateTime> map => map["a"],
        Lazy<DateTime> lazy => lazy.Value,
        Array all => Take(name, all.GetValue(1)!),
        _ when value.GetType().GetProperty("At") is { } at => (DateTime)at.GetValue(value)!,
        _ => Take(name, value.GetType().GetProperty("Stamp")!.GetValue(value)!),
    };
}
