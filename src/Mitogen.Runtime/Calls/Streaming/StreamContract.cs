using System.Buffers;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>By this, a stream of bytes is read and written where it is.</summary>
internal sealed class StreamContract : RemoteContract<Stream>
{
    // The ids are those of the name "Mitogen.Calls.StreamContract" and of its signatures "…::Read()", "…::WriteAsync(System.IO.Stream)",
    // "…::CloseAsync()" and "…::FailAsync(System.Exception)".
    public const ulong ContractId = 0x14adf78c7d37dbc2UL;

    public const uint CanRead = 1;
    public const uint CanWrite = 2;

    // One reference, and the place in the data that means it.
    private const int WriteBytes = 64;

    private const int CopiedAtOnce = 64 * 1024;

    private StreamContract()
        : base(ContractId, "Stream", [Read, Write, Close, Fail])
    {
    }

    public static RemoteMethod Read { get; } = new(ContractId, 0x790f2ddbU, 0, "Stream.Read", MethodShape.Streaming) { MaxArgumentBytes = 0, IsOwn = true };

    /// <summary>Copies a stream of the caller's into this one.</summary>
    public static RemoteMethod Write { get; } =
        new(ContractId, 0x05c9143bU, 1, "Stream.Write", MethodShape.Asynchronous, MethodReferences.Arguments) { MaxArgumentBytes = WriteBytes, IsOwn = true };

    /// <summary>Disposes the stream, as its user over there did.</summary>
    public static RemoteMethod Close { get; } = new(ContractId, 0x0ecf5d87U, 2, "Stream.Close", MethodShape.Asynchronous) { MaxArgumentBytes = 0, IsOwn = true };

    /// <summary>Closes the stream because of a failure, as the user of a pipe did that it is an end of.</summary>
    public static RemoteMethod Fail { get; } = new(ContractId, 0x39cba37aU, 3, "Stream.Fail", MethodShape.Asynchronous) { IsOwn = true };

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
            ((DispatchedCall)call).ReturnBytes(stream);
            return;
        }

        if (methodIndex == Close.Index)
        {
            call.ReturnAsync(stream.DisposeAsync());
            return;
        }

        MemoryPackReader reader = call.BeginArguments();
        if (methodIndex == Fail.Index)
        {
            byte[] error = reader.ReadUnmanagedArray<byte>() ?? [];
            call.EndArguments(ref reader);
            call.ReturnAsync(FailAsync(stream, ErrorCodec.Read(error, ((DispatchedCall)call).Sender)));
            return;
        }

        Stream source = WireData.Read(ref reader, ByteStreamFormatters.Stream);
        call.EndArguments(ref reader);
        call.ReturnAsync(CopyAsync(source, stream, call.CancellationToken));
    }

    /// <summary>Tells a stream over there that its user here failed.</summary>
    public static ValueTask SendFailure(ObjectCallTarget target, Exception error)
    {
        CallBuffer encoded = new();
        ErrorCodec.Write(encoded, error, target.Endpoint.Hub.Host.Path, target.Endpoint.Audience);
        OutgoingCall<NoResult> call = target.Begin<NoResult>(Fail, null);
        MemoryPackWriter<CallBuffer> writer = call.BeginArguments();
        writer.WriteUnmanagedArray(encoded.WrittenSpan.ToArray());
        call.EndArguments(ref writer);
        return call.InvokeVoidAsync(CancellationToken.None);
    }

    // A stream that is no pipe's has no other end that could hear of it.
    private static ValueTask FailAsync(Stream stream, Exception error) =>
        stream is IFailableStream failable ? failable.FailAsync(error) : stream.DisposeAsync();

    private static async ValueTask CopyAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        // As Stream.CopyToAsync does it, but for how it awaits what may be the user's.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopiedAtOnce);
        try
        {
            while (await source.ReadAsync(buffer, cancellationToken).Guarded() is var count and > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).Guarded();
            }

            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await source.DisposeAsync().Guarded();
        }
    }
}
