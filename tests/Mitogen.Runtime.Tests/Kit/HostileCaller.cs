using System.Buffers.Binary;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>A child of a root that calls the objects that it was given, with headers and arguments of its own making.</summary>
internal sealed class HostileCaller : IDisposable
{
    public const ulong PromiseBit = PeerObjects.PromiseBit;

    private ulong _stream;

    public HostileCaller(KernelOptions? options = null)
    {
        Attacked = new AttackedNode(LinkRole.Child, options ?? new KernelOptions { InitialWindow = 1024 * 1024 });
        using (HubLock locked = Hub.Enter())
        {
            Charged = locked.Kernel.AccountOf(Attacked.Attacker)!;
        }
    }

    /// <summary>The child's account, also when it is gone.</summary>
    public Account Charged { get; }

    public AttackedNode Attacked { get; }

    public CallHub Hub => Attacked.Node.Hub;

    /// <summary>Gives an object to the child.</summary>
    /// <returns>Its id.</returns>
    public ulong Grant<T>(T target)
        where T : class
    {
        using (HubLock locked = Hub.Enter())
        {
            return Hub.Peers.Of(locked, Attacked.Attacker).Objects.Export(locked, target, RemoteCatalog.Default.Find<T>(), isResult: false).Id;
        }
    }

    public long Held(Resource what)
    {
        using (Hub.Enter())
        {
            return Charged.Held(what);
        }
    }

    /// <summary>A call by its header and arguments, whole or without its last bytes.</summary>
    /// <returns>The stream's number.</returns>
    public ulong Call(CallHeader header, ReadOnlySpan<byte> arguments, int missing = 0, FrameFlags flags = FrameFlags.None)
    {
        byte[] message = new byte[CallHeader.Size + arguments.Length];
        (header with { ArgumentBytes = (uint)arguments.Length }).Write(message);
        arguments.CopyTo(message.AsSpan(CallHeader.Size));
        int count = message.Length - missing;
        int first = Math.Min(count, FrameHeader.MaxBody);
        flags |= missing == 0 && first == count ? FrameFlags.End : FrameFlags.None;
        Attacked.Feed(FrameKind.Open, flags, ++_stream, message.AsSpan(0, first));
        for (int at = first; at < count;)
        {
            int piece = Math.Min(count - at, FrameHeader.MaxBody);
            Attacked.Feed(FrameKind.Data, missing == 0 && at + piece == count ? FrameFlags.End : FrameFlags.None, _stream, message.AsSpan(at, piece));
            at += piece;
        }

        return _stream;
    }

    /// <summary>A part of an answer, or the beginning of one, to a call that the root made.</summary>
    public void Answer(ulong stream, int announced, ReadOnlySpan<byte> bytes, AnswerKind kind = AnswerKind.Result)
    {
        byte[] message = new byte[AnswerHeader.Size + bytes.Length];
        new AnswerHeader(kind, 0, (uint)announced).Write(message);
        bytes.CopyTo(message.AsSpan(AnswerHeader.Size));
        Attacked.Feed(FrameKind.Data, FrameFlags.FromAcceptor, stream, message);
    }

    public void Skip(CallHeader header) => Call(header, [], flags: FrameFlags.Skip | FrameFlags.End);

    public void Reset(ulong stream) => Attacked.Feed(FrameKind.Reset, FrameFlags.None, stream, [(byte)ResetCode.Cancelled]);

    public static CallHeader Header<T>(string method, ulong target, ulong sequence, ulong promise = 0, ChainId chain = default)
        where T : class
    {
        RemoteContract contract = RemoteCatalog.Default.Find<T>();
        return new CallHeader(contract.Id, target, sequence, chain, contract.Methods.Single(m => m.Name.EndsWith("." + method, StringComparison.Ordinal)).Id, 0, 0, promise);
    }

    /// <summary>The arguments of a method that takes a number and some bytes.</summary>
    public static byte[] Data(int step, int size)
    {
        byte[] arguments = new byte[8 + size];
        BinaryPrimitives.WriteInt32LittleEndian(arguments, step);
        BinaryPrimitives.WriteInt32LittleEndian(arguments.AsSpan(4), size);
        return arguments;
    }

    /// <summary>The arguments of a method that takes one object: one of the callee's, or (0) none.</summary>
    public static byte[] Reference<T>(ulong target)
        where T : class
    {
        byte[] arguments = new byte[target == 0 ? 8 : 4 + ReferenceEntry.Size + ReferenceEntry.TrailerSize];
        if (target != 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(arguments, 1);
            arguments[4] = (byte)ReferenceKind.Receivers;
            BinaryPrimitives.WriteUInt64LittleEndian(arguments.AsSpan(12), target);
            BinaryPrimitives.WriteUInt64LittleEndian(arguments.AsSpan(20), RemoteCatalog.Default.Find<T>().Id);
            BinaryPrimitives.WriteInt32LittleEndian(arguments.AsSpan(28), 1);
        }

        return arguments;
    }

    public void Drain() => Attacked.Drain();

    public void Dispose() => Attacked.Dispose();
}
