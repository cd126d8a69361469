using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Mitogen.CompilerServices;

/// <summary>
/// Counts how deep values of recursive types are nested, so that no message overflows the stack. For generated code and the runtime only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct WireNesting
{
    internal const int MaxDepth = 64;

    [ThreadStatic]
    private static int s_depth;

    private readonly int _outer;

    private WireNesting(int outer) => _outer = outer;

    /// <summary>Enters a value; disposing the result leaves it.</summary>
    /// <param name="type">The type's name.</param>
    /// <returns>The scope to dispose.</returns>
    public static WireNesting Enter(string type)
    {
        int outer = s_depth;
        if (outer == MaxDepth)
        {
            ThrowTooDeep(type);
        }

        s_depth = outer + 1;
        return new WireNesting(outer);
    }

    /// <summary>Leaves the value.</summary>
    public void Dispose() => s_depth = _outer;

    [DoesNotReturn]
    internal static void ThrowTooDeep(string type) => WireData.ThrowInvalid(
        $"Values are nested more than {MaxDepth} deep, at a '{type}'. Send a flat list instead, or check for a cycle.");
}
