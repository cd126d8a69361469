using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The context that a proxy's calls go to, as the calling context knows it.</summary>
internal abstract class CallEndpoint
{
    protected CallEndpoint(CallHub hub) => Hub = hub;

    /// <summary>The calls of the context that calls.</summary>
    public CallHub Hub { get; }

    /// <summary>The name for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Under the lock: whether calls can be sent now. A call that cannot is kept, or failed at once when the context is gone.</summary>
    /// <returns>The context's id; 0 if the call was kept or failed.</returns>
    public abstract uint Admit(PendingCall call);

    /// <summary>Under the lock: the next place among this context's calls on one object over there.</summary>
    public abstract ulong NextSequence(ulong contract, ulong obj);
}

/// <summary>One service over there, as a proxy sees it.</summary>
internal sealed class ServiceCallTarget(CallEndpoint endpoint, RemoteContract contract, CallOptions options) : CallTarget
{
    public CallEndpoint Endpoint { get; } = endpoint;

    public CallOptions Options { get; } = options;

    public override OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader)
    {
        PendingCall<T> call = PendingCall<T>.Rent();
        call.Begin(this, method, reader);
        return call;
    }

    public override string ToString() => $"{contract.Name} at {Endpoint.Name}";
}
