using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>A call whose arguments and result go through bytes, and whose references keep beside them.</summary>
internal sealed class LoopbackCall<T>(
    Task<(RemoteContract Contract, object Value)> target, RemoteMethod method, ResultReader<T>? reader) : OutgoingCall<T>
{
    private readonly LoopbackScope _references = new();
    private readonly List<object?> _progress = [];
    private ReferenceScope? _outer;
    private CallBuffer _arguments = new();

    public override MemoryPackWriter<CallBuffer> BeginArguments()
    {
        _outer = ReferenceScope.Enter(_references);
        return new(ref _arguments, MemoryPackWriterOptionalStatePool.Rent(MemoryPackSerializerOptions.Default));
    }

    public override void EndArguments(ref MemoryPackWriter<CallBuffer> writer)
    {
        writer.Flush();
        ReferenceScope.Enter(_outer);
        Assert.True(_references.Count == 0 || method.TakesReferences, $"{method.Name} does not say that its arguments hold references.");
    }

    public override Exception Refuse(Exception error)
    {
        ReferenceScope.Enter(_outer);
        return new InvalidOperationException("refused", error);
    }

    public override void WriteProgress<TReport>(
        ref MemoryPackWriter<CallBuffer> writer, IProgress<TReport>? progress, ResultReader<TReport> reader)
    {
        _progress.Add(progress is null ? null : new LoopbackProgress<TReport>(progress, reader));
        writer.WriteUnmanaged(_progress.Count);
    }

    public override T Invoke(CancellationToken cancellationToken)
    {
        AssertShape(MethodShape.Blocking);
        return ResultAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    public override ValueTask<T> InvokeAsync(CancellationToken cancellationToken)
    {
        AssertShape(MethodShape.Asynchronous);
        return ResultAsync(cancellationToken);
    }

    public override async ValueTask InvokeVoidAsync(CancellationToken cancellationToken)
    {
        AssertShape(MethodShape.Asynchronous);
        await SendAsync(cancellationToken);
    }

    public override void Post()
    {
        Assert.True(method.IsOneWay);
        _ = SendAsync(default);
    }

    public override async IAsyncEnumerator<T> Enumerate(CancellationToken cancellationToken)
    {
        AssertShape(MethodShape.Streaming);
        LoopbackIncomingCall call = await StartAsync(cancellationToken);
        await foreach (LoopbackMessage item in call.Items.Reader.ReadAllAsync(cancellationToken))
        {
            yield return item.Read(reader!);
        }
    }

    public override CallTarget Promise()
    {
        AssertShape(MethodShape.Promising);
        return new LoopbackTarget(PromisedAsync());

        async Task<(RemoteContract, object)> PromisedAsync() => await (await StartAsync(default)).Promised.Task;
    }

    private async ValueTask<T> ResultAsync(CancellationToken cancellationToken)
    {
        LoopbackMessage result = await SendAsync(cancellationToken);
        Assert.True(
            result.References.Count == 0 || method.GivesReferences, $"{method.Name} does not say that its result holds references.");
        return reader is null ? default! : result.Read(reader);
    }

    private async Task<LoopbackMessage> SendAsync(CancellationToken cancellationToken) =>
        await (await StartAsync(cancellationToken)).Result.Task;

    private async Task<LoopbackIncomingCall> StartAsync(CancellationToken cancellationToken)
    {
        (RemoteContract contract, object value) = await target;
        var call = new LoopbackIncomingCall(_arguments.WrittenSpan.ToArray(), _references, _progress, cancellationToken);
        contract.Dispatch(value, method.Index, call);
        return call;
    }

    private void AssertShape(MethodShape shape) => Assert.Equal(shape, method.Shape);
}
