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
public abstract class PayloadCheck
{
    private protected PayloadCheck()
    {
    }

    /// <summary>A string.</summary>
    public static PayloadCheck Text { get; } = new TextCheck();

    /// <summary>A <see cref="System.Text.StringBuilder"/>.</summary>
    public static PayloadCheck Characters { get; } = Sequence(Raw(RawLayout.Plain<char>()));

    /// <summary>A <see cref="System.Version"/>.</summary>
    public static PayloadCheck Version { get; } = Members("Version", static () => [.. Enumerable.Repeat(Raw(RawLayout.Plain<int>()), 4)]);

    /// <summary>Flags, packed into integers.</summary>
    public static PayloadCheck Bits { get; } = new BitsCheck();

    /// <summary>The least number of bytes that a value takes.</summary>
    internal virtual int MinSize => 1;

    /// <summary>The checks of what the value is made of.</summary>
    internal virtual IEnumerable<PayloadCheck> Parts => [];

    /// <summary>A value without references.</summary>
    /// <param name="layout">Its layout.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Raw(RawLayout layout) => new RawCheck(layout);

    /// <summary>A collection.</summary>
    /// <param name="element">Checks an element.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Sequence(PayloadCheck element) => new SequenceCheck(element);

    /// <summary>An array of several dimensions.</summary>
    /// <param name="rank">The number of dimensions.</param>
    /// <param name="element">Checks an element.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Grid(int rank, PayloadCheck element) => new GridCheck(rank, element);

    /// <summary>A nullable struct that holds references, or a lazy value.</summary>
    /// <param name="value">Checks the value.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Optional(PayloadCheck value) => new OptionalCheck(value);

    /// <summary>Values without a header.</summary>
    /// <param name="parts">Check the values.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Tuple(params PayloadCheck[] parts) => new TupleCheck(parts);

    /// <summary>A collection of a type of its own, which may contain itself.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="element">Makes the check of an element, when it is first needed.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Collection(string type, Func<PayloadCheck> element) => new CollectionCheck(type, element);

    /// <summary>A class or struct whose members follow a count.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="members">Makes the checks of the members, when they are first needed.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Members(string type, Func<PayloadCheck[]> members) => new ObjectCheck(type, members);

    /// <summary>A class or struct whose members follow a count and their lengths.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="members">Makes the checks of the members, when they are first needed; <see langword="null"/> for one that is gone.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck VersionTolerant(string type, Func<PayloadCheck?[]> members) =>
        new TolerantCheck(type, members, isCircular: false);

    /// <summary>As <see cref="VersionTolerant"/>, with an id that later values refer to.</summary>
    /// <param name="type">The type's name, for messages.</param>
    /// <param name="members">Makes the checks of the members, when they are first needed; <see langword="null"/> for one that is gone.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck CircularReference(string type, Func<PayloadCheck?[]> members) =>
        new TolerantCheck(type, members, isCircular: true);

    /// <summary>One of several types.</summary>
    /// <param name="type">The base's name, for messages.</param>
    /// <param name="cases">Makes the checks of the types by their tags, when they are first needed.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Union(string type, Func<(ushort Tag, PayloadCheck Case)[]> cases) => new UnionCheck(type, cases);

    /// <summary>A type that the library reads by the formatter that is generated for it, unless the application registered another.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="formatter">Yields the generated formatter.</param>
    /// <param name="check">Checks what that formatter writes.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Plain<T>(Func<MemoryPackFormatter<T>> formatter, PayloadCheck check) => new PlainCheck<T>(formatter, check);

    /// <summary>A value of which only the formatter that reads it knows how long it is; it is read, and not checked.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="formatter">Yields the formatter.</param>
    /// <returns>The check.</returns>
    public static PayloadCheck Unknown<T>(Func<IMemoryPackFormatter<T>> formatter) => new UnknownCheck<T>(formatter);

    /// <summary>Moves behind the value; throws if it is none.</summary>
    internal abstract void Walk(ref PayloadCursor cursor);

    [DoesNotReturn]
    private protected static void ThrowInvalid(string message) => Payload.ThrowInvalid(message);
}
