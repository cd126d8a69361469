using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Tests.Data;

/// <summary>Whatever is written is read back the same. A failure prints its seed.</summary>
public sealed class FormatterRoundTripTests
{
    private static readonly JsonSerializerOptions s_json = new() { IncludeFields = true };

    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile(
        """
        using Mitogen.Generators.Tests.Data;
        public static class Cases
        {
            public static Person Person = default!;
            public static List<Person?>? People;
            public static Dictionary<Point, Page<Reading>[]> Pages = default!;
            public static (Person?, Reading, Page<(Point, string?)>)? Tuple;
        }
        """,
        MetadataReference.CreateFromFile(typeof(FormatterRoundTripTests).Assembly.Location)));

    private static readonly string[] s_texts = ["", "é", "日本😀", "\0", new string('x', 5000)];

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String.AlphaNumeric, Gen.Int[0, 4].Select(i => s_texts[i]), Gen.Char['\u0000', '\ud7ff'].Array.Select(c => new string(c)));

    private static readonly Gen<DateTimeOffset> s_date = Gen.Select(
        Gen.Long[TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay],
        Gen.Int[-14 * 60, 14 * 60],
        (ticks, offset) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(offset)));

    private static readonly Gen<Point> s_point = Gen.Select(Gen.Int, Gen.Byte, Gen.Bool, (x, y, up) => new Point(y, x) { Up = up });

    private static readonly Gen<Reading> s_reading = Gen.Select(
        s_text, Gen.Decimal.Nullable(), s_date, s_point.Nullable(), Gen.Float[-1000, 1000].Select(single => (Half)single),
        (name, value, at, place, weight) => new Reading(name, value, at, place, weight));

    private static readonly Gen<Person> s_person = Gen.Recursive<Person>((depth, person) => Gen.Select(
        Gen.Select(s_text.Null(), Gen.Int, Gen.Guid, Gen.Enum<Mood>()),
        Gen.Select(Gen.DateTime, Gen.DateOnly, Gen.TimeOnly, Gen.TimeSpan),
        s_reading.Array[0, 3].Select(items => items.ToImmutableArray()),
        depth > 4 ? Gen.Const(new List<Person?>()) : person.Null().List[0, 2],
        Gen.Dictionary(s_text, Gen.Double[-1e300, 1e300].Array[0, 4])[0, 4],
        (names, dates, readings, friends, scores) => new Person(names.Item1, names.Item2)
        {
            Id = names.Item3,
            Mood = names.Item4,
            Since = dates.Item1,
            Birthday = dates.Item2,
            WakesAt = dates.Item3,
            Sleeps = dates.Item4,
            Readings = readings,
            Friends = friends,
            Scores = scores,
        }));

    private static readonly Gen<Page<Reading>> s_page = Gen.Select(
        Gen.Int, s_reading.Array[0, 4].Null(), (number, items) => new Page<Reading>(number, items));

    [Fact]
    public void A_record_comes_back() => s_person.Sample(person => AssertRoundTrip("Person", person), iter: 500);

    [Fact]
    public void A_list_of_records_comes_back() => s_person.Null().List[0, 5].Null().Sample(people => AssertRoundTrip("People", people), iter: 200);

    [Fact]
    public void A_dictionary_of_structs_to_closed_generics_comes_back() =>
        Gen.Dictionary(s_point, s_page.Array[0, 3])[0, 5].Sample(pages => AssertRoundTrip("Pages", pages), iter: 200);

    [Fact]
    public void A_nullable_tuple_comes_back() =>
        Gen.Select(s_person.Null(), s_reading, Gen.Select(s_point, s_text.Null()).Select(pair => ((Point, string?))(pair.Item1, pair.Item2)).Array[0, 3])
            .Select(parts => (parts.Item1, parts.Item2, new Page<(Point, string?)>(1, parts.Item3)))
            .Nullable()
            .Sample(tuple => AssertRoundTrip("Tuple", tuple), iter: 200);

    private static void AssertRoundTrip(string name, object? value)
    {
        byte[] written = s_sample.Value.Write(name, value);
        object? read = s_sample.Value.Read(name, written);
        Assert.Equal(Show(value), Show(read));
        Assert.True(written.AsSpan().SequenceEqual(s_sample.Value.Write(name, read)));
    }

    private static string Show(object? value) => value is Dictionary<Point, Page<Reading>[]> pages
        ? JsonSerializer.Serialize(pages.ToArray(), s_json)
        : JsonSerializer.Serialize(value, s_json);
}

public enum Mood : byte
{
    Calm,
    Cross = 200,
}

public record struct Point(byte Y, int X)
{
    public bool Up { get; set; }
}

public readonly record struct Reading(string Name, decimal? Value, DateTimeOffset At, Point? Place, Half Weight);

public sealed record Page<T>(int Number, IReadOnlyList<T>? Items);

public class Being
{
    public Guid Id { get; init; }

    public Mood? Mood { get; set; }
}

public sealed class Person(string? name, int age) : Being
{
    public string? Name { get; } = name;

    public int Age { get; } = age;

    public required DateTime Since { get; init; }

    public DateOnly Birthday { get; set; }

    public TimeOnly? WakesAt { get; init; }

    public TimeSpan Sleeps { get; init; }

    public ImmutableArray<Reading> Readings { get; set; }

    public List<Person?> Friends { get; set; } = [];

    public IReadOnlyDictionary<string, double[]>? Scores { get; set; }

    public bool IsAdult => Age >= 18;
}
