using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>Who calls what, as the first bytes of a stream say it.</summary>
internal struct ServedRequest
{
    private CallHeader _header;

    /// <summary>The context that calls.</summary>
    public uint Caller { get; private set; }

    /// <summary>The caller's account; <see langword="null"/> where it is above this context, or this context itself.</summary>
    public Account? Account { get; private set; }

    public readonly CallHeader Header => _header;

    /// <summary>When the call's time is over, of one with a timeout.</summary>
    public long? Due { get; private set; }

    /// <summary>The method; <see langword="null"/> if the program has none such.</summary>
    public RemoteMethod? Method { get; private set; }

    /// <summary>Reads the header of a call that its caller may make. One that it may not has no place in any order.</summary>
    public Refusal? Read(in HubLock locked, CallHub hub, MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CallHeader.Size)
        {
            return new Refusal(ResetCode.Malformed, "The call header is cut short.");
        }

        uint caller = stream.Peer;
        _header = CallHeader.Read(bytes);
        if (!hub.Served.IsAllowed(locked, caller, _header, out RemoteMethod? method))
        {
            return _header.Object == 0
                ? new Refusal(ResetCode.NotAllowed, hub.Served.NotAllowed(caller))
                : new Refusal(ResetCode.NoSuchObject, ServedCalls.NoSuchObject(caller, _header));
        }

        Caller = caller;
        Account = stream.Account;
        Method = method;
        Due = _header.TimeoutMilliseconds == 0 ? null : Environment.TickCount64 + _header.TimeoutMilliseconds;
        return null;
    }

    /// <summary>Holds the arguments to the bounds.</summary>
    public readonly Refusal? CheckSize(KernelOptions options)
    {
        uint count = _header.ArgumentBytes;
        if (count > options.MaxMessageSize)
        {
            return new Refusal(ResetCode.TooLarge, Messages.TooLarge("The arguments", count, options));
        }

        return Method is { } method && count > method.MaxArgumentBytes
            ? new Refusal(ResetCode.TooLarge, $"The arguments have {count} bytes; {method.Name} takes {method.MaxArgumentBytes}.")
            : null;
    }
}
