using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>
/// The message that is written or read on this thread: it keeps the references that the message carries beside its data. A
/// formatter has no other way to learn which message it works on.
/// </summary>
internal abstract class ReferenceScope
{
    [ThreadStatic]
    private static ReferenceScope? s_current;

    /// <summary>The message at work on this thread.</summary>
    /// <exception cref="MemoryPackSerializationException">There is none that can carry references.</exception>
    public static ReferenceScope Current => s_current ?? throw new MemoryPackSerializationException(
        "A contract or a stream is sent as an argument or a result of a call, or in a part of one, and nowhere else.");

    /// <summary>The contract by which streams of bytes are sent.</summary>
    public abstract RemoteContract<Stream> Streams { get; }

    /// <summary>Begins the work on a message.</summary>
    /// <returns>The scope at work before, to be entered again afterwards.</returns>
    public static ReferenceScope? Enter(ReferenceScope? scope)
    {
        ReferenceScope? outer = s_current;
        s_current = scope;
        return outer;
    }

    /// <summary>Notes an object that the message refers to.</summary>
    /// <returns>Its place in the message's table, from 1.</returns>
    public abstract uint Write<T>(T value, RemoteContract<T> contract)
        where T : class;

    /// <summary>The object at a place of the message's table.</summary>
    public abstract T Read<T>(uint place, RemoteContract<T> contract)
        where T : class;
}
