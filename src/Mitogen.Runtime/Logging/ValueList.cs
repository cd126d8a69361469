using System.Collections;
using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>Named values in the form in which logging has them.</summary>
internal abstract class ValueList(IReadOnlyList<KeyValuePair<string, object?>> values) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => values.Count;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected static KeyValuePair<string, object?>[] Pairs(NamedValue[] values) =>
        Array.ConvertAll(values, static v => v.Pair);
}
