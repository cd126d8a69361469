using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Mitogen.Generators.Tests.Data;

/// <summary>Looks at all that a value holds, asserts that it is possible, and tells it.</summary>
internal sealed class PossibleValues
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly StringBuilder _text = new();

    public static string Describe(object? value)
    {
        PossibleValues all = new();
        all.Visit(value, "value");
        return all._text.ToString();
    }

    private void Visit(object? value, string path)
    {
        switch (value)
        {
            case bool flag:
                Add(path, Unsafe.As<bool, byte>(ref flag) <= 1, flag);
                return;
            case decimal number:
                int flags = decimal.GetBits(number)[3];
                Add(path, (flags & 0x7F00FFFF) == 0 && ((flags >> 16) & 0xFF) <= 28, flags);
                _text.Append(CultureInfo.InvariantCulture, $"{number}");
                return;
            case DateTime date:
                Add(path, (ulong)date.Ticks <= (ulong)DateTime.MaxValue.Ticks, date.Ticks);
                return;
            case DateTimeOffset date:
                Add(path, (ulong)date.Ticks <= (ulong)DateTime.MaxValue.Ticks && (ulong)date.UtcTicks <= (ulong)DateTime.MaxValue.Ticks, date.Ticks);
                return;
            case DateOnly day:
                Add(path, (uint)day.DayNumber <= (uint)DateOnly.MaxValue.DayNumber, day.DayNumber);
                return;
            case TimeOnly time:
                Add(path, (ulong)time.Ticks <= (ulong)TimeOnly.MaxValue.Ticks, time.Ticks);
                return;
            case Rune rune:
                Add(path, Rune.IsValid(rune.Value), rune.Value);
                return;
            case TimeZoneInfo zone:
                Add(path, true, zone.Id);
                return;
            case null or string or Uri or Version or StringBuilder or CultureInfo or Enum:
            case not null when value.GetType().IsPrimitive:
                Add(path, true, value);
                return;
            case Lazy<decimal> lazy:
                Visit(lazy.Value, path);
                return;
            case Memory<byte> bytes:
                Visit(bytes.ToArray(), path);
                return;
            case ReadOnlyMemory<bool> bits:
                Visit(bits.ToArray(), path);
                return;
        }

        if (!value.GetType().IsValueType && !_seen.Add(value))
        {
            return;
        }

        Add(path, true, value.GetType());
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Visit(item, path + "[]");
            }

            return;
        }

        for (Type? at = value.GetType(); at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (FieldInfo field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Visit(field.GetValue(value), $"{path}.{field.Name}");
            }
        }
    }

    private void Add(string path, bool isPossible, object? value)
    {
        Assert.True(isPossible, path);
        _text.Append(CultureInfo.InvariantCulture, $"\n{path} = {value}");
    }
}
