using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>Sends calls to an object of this process, as bytes.</summary>
internal sealed class LoopbackTarget(RemoteContract contract, object instance) : CallTarget
{

    public override OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader) =>
        new LoopbackCall<T>(contract, instance, method, reader);

    private sealed class LoopbackCall<T>(RemoteContract contract, object instance, RemoteMethod method, ResultReader<T>? reader)
        : OutgoingCall<T>
    {
        private CallBuffer _arguments = new();

        public override MemoryPackWriter<CallBuffer> BeginArguments() =>
            new(ref _arguments, MemoryPackWriterOptionalStatePool.Rent(MemoryPackSerializerOptions.Default));

        public override void EndArguments(ref MemoryPackWriter<CallBuffer> writer) => writer.Flush();

        public override Exception Refuse(Exception error) => new InvalidOperationException("refused", error);

        public override T Invoke(CancellationToken cancellationToken) => InvokeAsync(cancellationToken).AsTask().GetAwaiter().GetResult();

        public override async ValueTask<T> InvokeAsync(CancellationToken cancellationToken)
        {
            byte[] result = await SendAsync(cancellationToken);
            return reader is null ? default! : Read(result);
        }

        public override async ValueTask InvokeVoidAsync(CancellationToken cancellationToken) => await SendAsync(cancellationToken);

        public override void Post()
        {
            Assert.True(method.IsOneWay);
            _ = SendAsync(default);
        }

        private Task<byte[]> SendAsync(CancellationToken cancellationToken)
        {
            var call = new LoopbackIncomingCall(_arguments.WrittenSpan.ToArray(), cancellationToken);
            contract.Dispatch(instance, method.Index, call);
            return call.Result;
        }

        private T Read(byte[] bytes)
        {
            var packed = new MemoryPackReader(bytes, MemoryPackReaderOptionalStatePool.Rent(MemoryPackSerializerOptions.Default));
            T value = reader!(ref packed);
            Assert.Equal(0, packed.Remaining);
            return value;
        }
    }

    private sealed class LoopbackIncomingCall(byte[] arguments, CancellationToken cancellationToken) : IncomingCall
    {
        private readonly TaskCompletionSource<byte[]> _result = new();

        public Task<byte[]> Result => _result.Task;

        public override CancellationToken CancellationToken => cancellationToken;

        public override MemoryPackReader BeginArguments() =>
            new(arguments, MemoryPackReaderOptionalStatePool.Rent(MemoryPackSerializerOptions.Default));

        public override void EndArguments(ref MemoryPackReader reader) => Assert.Equal(0, reader.Remaining);

        public override void Return() => _result.SetResult([]);

        public override void Return<T>(T value, ResultWriter<T> writer)
        {
            var buffer = new CallBuffer();
            var state = MemoryPackWriterOptionalStatePool.Rent(MemoryPackSerializerOptions.Default);
            var packed = new MemoryPackWriter<CallBuffer>(ref buffer, state);
            writer(ref packed, value);
            packed.Flush();
            _result.SetResult(buffer.WrittenSpan.ToArray());
        }

        public override async void ReturnAsync(ValueTask task)
        {
            try
            {
                await task;
                Return();
            }
            catch (Exception error)
            {
                _result.SetException(error);
            }
        }

        public override async void ReturnAsync<T>(ValueTask<T> task, ResultWriter<T> writer)
        {
            try
            {
                Return(await task, writer);
            }
            catch (Exception error)
            {
                _result.SetException(error);
            }
        }
    }
}
