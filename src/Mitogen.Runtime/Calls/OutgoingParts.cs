using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>What a call is made of on the way out. Reused with the call that owns it.</summary>
internal sealed class OutgoingParts
{
    public ServiceCallTarget Target { get; private set; } = null!;

    public RemoteMethod Method { get; private set; } = null!;

    /// <summary>The call header's place, then the arguments.</summary>
    public CallBuffer Arguments { get; } = new();

    public int ArgumentBytes => Arguments.WrittenCount - CallHeader.Size;

    public void Set(ServiceCallTarget target, RemoteMethod method)
    {
        Target = target;
        Method = method;
        Arguments.MaxSize = CallHeader.Size + target.Endpoint.Hub.Options.MaxMessageSize;
        Arguments.MaxSizeOption = nameof(target.Endpoint.Hub.Options.MaxMessageSize);
        Arguments.Reset();
        Arguments.GetSpan(CallHeader.Size)[..CallHeader.Size].Clear();
        Arguments.Advance(CallHeader.Size);
    }

    /// <summary>Under the lock, as the call is sent: this gives the call its place in the order.</summary>
    public void WriteHeader()
    {
        ulong sequence = Target.Sequence.Take();
        uint deadline = Target.Options.Deadline is { } time ? (uint)Math.Clamp(time.TotalMilliseconds, 1, uint.MaxValue) : 0;
        CallHeader header = new(
            Method.ContractId, 0, sequence, default, Method.Id, deadline, (uint)ArgumentBytes);
        header.Write(Arguments.Front(CallHeader.Size));
    }

    public string Describe() => $"{Method.Name} in context '{Target.Endpoint.Path}'";

    public void Reset() => Arguments.Reset();
}
