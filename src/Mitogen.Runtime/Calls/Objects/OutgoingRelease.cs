using System.Buffers.Binary;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>One release on its way. It has its place in the order of the calls on its object, and no timeout.</summary>
internal sealed class OutgoingRelease(ReleaseQueue queue) : CallWaiter
{
    private ImportedObject? _released;
    private uint _count;

    public override int MaxResult => 1;

    /// <summary>Sends it.</summary>
    public void Send(in HubLock locked, ImportedObject released, uint count)
    {
        _released = released;
        _count = count;
        ReleaseTarget target = new(released) { IsOwn = true };
        RemoteMethod method = new(released.Contract, ReleaseCall.MethodId, 0, "the release of an object", MethodShape.Asynchronous);
        PendingCall call = PendingCall.Begin(target, method, inScope: false);
        Begin(call);
        BinaryPrimitives.WriteUInt32LittleEndian(call.Parts.Arguments.GetSpan(sizeof(uint)), count);
        call.Parts.Arguments.Advance(sizeof(uint));
        call.Admit(locked);
    }

    /// <summary>After the lock: the object's context has answered, or is gone.</summary>
    public override void Wake()
    {
        ImportedObject released = _released!;
        Exception? failure = ReadFailure();
        bool isForgotten = failure is null
            ? Call.Answer.Last is [1]
            : failure is ContextLostException or BootstrapException or ObjectDisposedException or UnauthorizedAccessException; // it is not there
        uint refused = Call.IsBusy ? _count : 0;
        Return();
        queue.OnEnded(this, released, refused, isForgotten, isForgotten ? null : failure);
    }

    /// <summary>Gives up everything of this use.</summary>
    private void Return()
    {
        _released = null;
        _count = 0;
        LetGo().Return();
    }

    private sealed class ReleaseTarget(ImportedObject released) : RemoteCallTarget(released.Owner, "an object", released.Sequence, CallEndpoint.NoOptions)
    {
        public override ulong ObjectId => released.Id;
    }
}
