using System.Diagnostics;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// By this, another context takes what is written here to a stream of its own. For that context it is a stream as any other, which can be
/// read and closed; its calls start on the thread that they come on (<see cref="ServedCall.StartsAtOnce"/>), so that a thread which is
/// blocked in a write waits for none of the pool's.
/// </summary>
internal sealed class ByteWriterContract : RemoteContract<ByteWriter>
{
    private ByteWriterContract()
        : base(StreamContract.ContractId, StreamContract.Instance.Name, [.. StreamContract.Instance.Methods])
    {
    }

    public static ByteWriterContract Instance { get; } = new();

    public override ByteWriter CreateProxy(CallTarget target) => throw new UnreachableException("The other context reads a stream.");

    internal override uint TagOf(object value) => StreamContract.CanRead;

    public override void Dispatch(object target, int methodIndex, IncomingCall call)
    {
        ByteWriter writer = (ByteWriter)target;
        if (methodIndex == StreamContract.Read.Index)
        {
            writer.SendBy((DispatchedCall)call);
        }
        else if (methodIndex == StreamContract.Write.Index)
        {
            throw new NotSupportedException("The stream can only be read.");
        }
        else
        {
            // Whatever the other context failed with, the call that it takes the bytes by fails with it as well.
            writer.Close();
            call.Return();
        }
    }
}
