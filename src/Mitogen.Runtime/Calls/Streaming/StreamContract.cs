using MemoryPack;
using Mitogen.CompilerServices;
using PayloadCode = Mitogen.CompilerServices.Payload;

namespace Mitogen.Calls;

/// <summary>By this, a stream of bytes is read and written where it is.</summary>
internal sealed class StreamContract : RemoteContract<Stream>
{
    // The ids are those of the name "Mitogen.Calls.StreamContract" and of its signatures "…::Read()", "…::WriteAsync(System.IO.Stream)" and
    // "…::CloseAsync()".
    public const ulong ContractId = 0x14adf78c7d37dbc2UL;

    public const uint CanRead = 1;
    public const uint CanWrite = 2;

    // One reference, and the place in the data that means it.
    private const int WriteBytes = 64;

    private StreamContract()
        : base(ContractId, "Stream", [Read, Write, Close])
    {
    }

    public static RemoteMethod Read { get; } = new(ContractId, 0x790f2ddbU, 0, "Stream.Read", MethodShape.Streaming) { MaxArgumentBytes = 0 };

    /// <summary>Copies a stream of the caller's into this one.</summary>
    public static RemoteMethod Write { get; } =
        new(ContractId, 0x05c9143bU, 1, "Stream.Write", MethodShape.Asynchronous, MethodReferences.Arguments) { MaxArgumentBytes = WriteBytes };

    /// <summary>Disposes the stream, as its user over there did.</summary>
    public static RemoteMethod Close { get; } = new(ContractId, 0x0ecf5d87U, 2, "Stream.Close", MethodShape.Asynchronous) { MaxArgumentBytes = 0 };

    public static StreamContract Instance { get; } = new();

    public override Stream CreateProxy(CallTarget target) => new RemoteStream((ObjectCallTarget)target);

    internal override uint TagOf(object value)
    {
        Stream stream = (Stream)value;
        return (stream.CanRead ? CanRead : 0) | (stream.CanWrite ? CanWrite : 0);
    }

    public override void Dispatch(object target, int methodIndex, IncomingCall call)
    {
        Stream stream = (Stream)target;
        if (methodIndex == Read.Index)
        {
            ((ServedCall)call).ReturnBytes(stream);
            return;
        }

        if (methodIndex == Close.Index)
        {
            call.ReturnAsync(stream.DisposeAsync());
            return;
        }

        MemoryPackReader reader = call.BeginArguments();
        Stream source = PayloadCode.Read(ref reader, ByteStreamFormatters.Stream);
        call.EndArguments(ref reader);
        call.ReturnAsync(CopyAsync(source, stream, call.CancellationToken));
    }

    private static async ValueTask CopyAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        await using (source.ConfigureAwait(false))
        {
            await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
