using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>One service over there, or with another id one object, as a proxy sees it.</summary>
internal class RemoteCallTarget(CallEndpoint endpoint, string name, SequenceCounter sequence, CallOptions options) : CallTarget
{
    public CallEndpoint Endpoint { get; } = endpoint;

    /// <summary>The contract's name, for people.</summary>
    public string Name { get; } = name;

    public SequenceCounter Sequence { get; } = sequence;

    public CallOptions Options { get; } = options;

    /// <summary>Whether its calls are the runtime's own, which wait for no slot.</summary>
    public bool IsOwn { get; init; }

    /// <summary>0: the context's service for the contract.</summary>
    public virtual ulong ObjectId => 0;

    /// <summary>Why every call fails without being sent; <see langword="null"/> if it does not.</summary>
    public virtual Exception? Failure => null;

    public override OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader) => ProxyCall<T>.Begin(this, method, reader);

    public override string ToString() => $"{Name} at {Endpoint.Path}";
}
