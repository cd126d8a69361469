using System.Buffers.Binary;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>One release on its way. It has its place in the order of the calls on its object, and no deadline.</summary>
internal sealed class OutgoingRelease(ReleaseQueue queue) : PendingCall
{
    private ImportedObject? _released;
    private uint _count;

    protected override int MaxResult => 1;

    protected override bool IsHungry(in HubLock locked) => false;

    /// <summary>Sends it.</summary>
    public void Send(in HubLock locked, ImportedObject released, uint count)
    {
        _released = released;
        _count = count;
        BeginUse();
        ReleaseTarget target = new(released) { IsOwn = true };
        RemoteMethod method = new(released.Contract, ReleaseCall.MethodId, 0, "the release of an object", MethodShape.Asynchronous);
        Parts.Set(target, method, inScope: false);
        BinaryPrimitives.WriteUInt32LittleEndian(Parts.Arguments.GetSpan(sizeof(uint)), count);
        Parts.Arguments.Advance(sizeof(uint));
        Admit(locked);
    }

    /// <summary>After the lock: the object's context has answered, or is gone.</summary>
    public override void Run()
    {
        ImportedObject released = _released!;
        _released = null;
        Exception? failure = Error ?? (AnswerFailed ? ErrorCodec.Read(Answer, Parts.Endpoint.Sender) : null);
        bool isForgotten = failure is null
            ? Answer is [1]
            : failure is ContextLostException or BootstrapException or ObjectDisposedException or UnauthorizedAccessException; // it is not there
        uint refused = IsBusy ? _count : 0;
        EndUse();
        queue.OnEnded(this, released, refused, isForgotten, isForgotten ? null : failure);
    }

    protected override bool Expects(in HubLock locked, in AnswerHeader header) => false;

    protected override void OnPart(in HubLock locked, IncomingPart part)
    {
    }

    private sealed class ReleaseTarget(ImportedObject released) : RemoteCallTarget(released.Owner, "an object", released.Sequence, CallEndpoint.NoOptions)
    {
        public override ulong ObjectId => released.Id;
    }
}
