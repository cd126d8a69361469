using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>
/// Walks over the bytes of a value before the library reads them, and throws <see cref="MemoryPackSerializationException"/> where they
/// would make it read an impossible value, allocate more than was sent, or recurse too deep. For generated code and the runtime only.
/// </summary>
/// <remarks>
/// It must take exactly the bytes that the library's own formatter of the type takes; <see cref="CheckedFormatter{T}"/> compares the two.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class WireCheck
{
    private protected WireCheck()
    {
    }

    /// <summary>A string.</summary>
    public static WireCheck Text { get; } = new TextCheck();

    /// <summary>A <see cref="System.Text.StringBuilder"/>.</summary>
    public static WireCheck Characters { get; } = Sequence(Raw(RawLayout.Plain<char>()));

    /// <summary>A <see cref="System.Version"/>.</summary>
    public static WireCheck Version { get; } = Members("Version", static () => [.. Enumerable.Repeat(Raw(RawLayout.Plain<int>()), 4)]);

    /// <summary>Flags, packed into integers.</summary>
    public static WireCheck Bits { get; } = new BitsCheck();

    /// <summary>The least number of bytes that a value takes.</summary>
    internal virtual int MinSize => 1;

    /// <summary>The checks of what the value is made of.</summary>
    internal virtual IEnumerable<WireCheck> Parts => [];

    /// <summary>A value without references.</summary>
    /// <param name="layout">Its layout.</param>
    /// <returns>The check.</returns>
    public static WireCheck Raw(RawLayout layout) => new RawCheck(layout);

    /// <summary>A collection.</summary>
    /// <param name="element">Checks an element.</param>
    /// <returns>The check.</returns>
    public static WireCheck Sequence(WireCheck element) => new SequenceCheck(element);

    /// <summary>An array of several dimensions.</summary>
    /// <param name="rank">The number of dimensions.</param>
    /// <param name="element">Checks an element.</param>
    /// <returns>The check.</returns>
    public static WireCheck Grid(int rank, WireCheck element) => new GridCheck(rank, element);

    /// <summary>A nullable struct that holds references, or a lazy value.</summary>
    /// <param name="value">Checks the value.</param>
    /// <returns>The check.</returns>
    public static WireCheck Optional(WireCheck value) => new OptionalCheck(value);

    /// <summary>Values without a header.</summary>
    /// <param name="parts">Check the values.</param>
    /// <returns>The check.</returns>
    public static WireCheck Tuple(params WireCheck[] parts) => new TupleCheck(parts);

    /// <summary>A collection of a type of its own, which may contain itself.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="element">Makes the check of an element, when it is first needed.</param>
    /// <returns>The check.</returns>
    public static WireCheck Collection(string type, Func<WireCheck> element) => new CollectionCheck(type, element);

    /// <summary>A class or struct whose members follow a count.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="members">Makes the checks of the members, when they are first needed.</param>
    /// <returns>The check.</returns>
    public static WireCheck Members(string type, Func<WireCheck[]> members) => new ObjectCheck(type, members);

    /// <summary>A class or struct whose members follow a count and their lengths.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="members">Makes the checks of the members, when they are first needed; <see langword="null"/> for one that is gone.</param>
    /// <returns>The check.</returns>
    public static WireCheck VersionTolerant(string type, Func<WireCheck?[]> members) =>
        new TolerantCheck(type, members, isCircular: false);

    /// <summary>As <see cref="VersionTolerant"/>, with an id that later values refer to.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="members">Makes the checks of the members, when they are first needed; <see langword="null"/> for one that is gone.</param>
    /// <returns>The check.</returns>
    public static WireCheck CircularReference(string type, Func<WireCheck?[]> members) =>
        new TolerantCheck(type, members, isCircular: true);

    /// <summary>One of several types.</summary>
    /// <param name="type">The base's name, for messages.</param>
    /// <param name="cases">Makes the checks of the types by their tags, when they are first needed.</param>
    /// <returns>The check.</returns>
    public static WireCheck Union(string type, Func<(ushort Tag, WireCheck Case)[]> cases) => new UnionCheck(type, cases);

    /// <summary>A type that the library reads by the formatter that is generated for it, unless the application registered another.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="formatter">Yields the generated formatter.</param>
    /// <param name="check">Checks what that formatter writes.</param>
    /// <returns>The check.</returns>
    public static WireCheck Plain<T>(Func<MemoryPackFormatter<T>> formatter, WireCheck check) => new PlainCheck<T>(formatter, check);

    /// <summary>A value of which only the formatter that reads it knows how long it is; it is read, and not checked.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="formatter">Yields the formatter.</param>
    /// <returns>The check.</returns>
    public static WireCheck Unknown<T>(Func<IMemoryPackFormatter<T>> formatter) => new UnknownCheck<T>(formatter);

    /// <summary>Moves behind the value; throws if it is none.</summary>
    internal abstract void Walk(ref WireCursor cursor);

    [DoesNotReturn]
    private protected static void ThrowInvalid(string message) => WireData.ThrowInvalid(message);
}
