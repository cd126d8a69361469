using MemoryPack;
using Mitogen.CompilerServices;
using PayloadCode = Mitogen.CompilerServices.Payload;

namespace Mitogen.Calls;

/// <summary>The call that gives references back: method 0 of every object, with their number (u32). It results in whether the object is forgotten (u8).</summary>
internal static class ReleaseCall
{
    public const uint MethodId = 0;

    /// <summary>The method, for a callee.</summary>
    public static RemoteMethod Method { get; } = new(0, MethodId, 0, "the release of an object", MethodShape.Asynchronous) { MaxArgumentBytes = sizeof(uint) };

    private static readonly ResultReader<bool> s_reader = static (ref MemoryPackReader reader) => PayloadCode.ReadBoolean(ref reader);

    public static ResultWriter<bool> Writer { get; } =
        static (ref MemoryPackWriter<CallBuffer> writer, bool value) => writer.WriteUnmanaged(value);

    /// <returns>Whether the object's context has forgotten the object, or is gone itself.</returns>
    public static async Task<bool> SendAsync(ObjectCallTarget target, uint count)
    {
        RemoteMethod method = new(target.ContractId, MethodId, 0, $"the release of {target.Name}", MethodShape.Asynchronous);
        try
        {
            return await Begin(target, method, count).InvokeAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContextLostException or BootstrapException or ObjectDisposedException)
        {
            return true;
        }
    }

    private static PendingCall<bool> Begin(ObjectCallTarget target, RemoteMethod method, uint count)
    {
        PendingCall<bool> call = PendingCall<bool>.Rent();
        call.Begin(target, method, s_reader);
        MemoryPackWriter<CallBuffer> writer = call.BeginArguments();
        writer.WriteUnmanaged(count);
        call.EndArguments(ref writer);
        return call;
    }
}
