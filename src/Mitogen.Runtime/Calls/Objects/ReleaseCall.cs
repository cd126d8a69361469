using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The call that gives references back: method 0 of every object, with their number (u32). It results in whether the object is forgotten (u8).</summary>
internal static class ReleaseCall
{
    public const uint MethodId = 0;

    /// <summary>The method, for a callee.</summary>
    public static RemoteMethod Method { get; } = new(0, MethodId, 0, "the release of an object", MethodShape.Asynchronous) { MaxArgumentBytes = sizeof(uint) };

    public static ResultWriter<bool> Writer { get; } =
        static (ref MemoryPackWriter<CallBuffer> writer, bool value) => writer.WriteUnmanaged(value);
}
