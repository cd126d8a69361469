using System.Threading.Channels;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>A call as its dispatcher sees it.</summary>
internal sealed class LoopbackIncomingCall(
    byte[] arguments, LoopbackScope references, IReadOnlyList<object?> progress, CancellationToken cancellationToken) : IncomingCall
{
    private ReferenceScope? _outer;

    public TaskCompletionSource<LoopbackMessage> Result { get; } = new();

    public TaskCompletionSource<(RemoteContract, object)> Promised { get; } = new();

    public Channel<LoopbackMessage> Items { get; } = Channel.CreateUnbounded<LoopbackMessage>();

    public override CancellationToken CancellationToken => cancellationToken;

    public override MemoryPackReader BeginArguments()
    {
        _outer = ReferenceScope.Enter(references);
        return new(arguments, MemoryPackReaderOptionalStatePool.Rent(MemoryPackSerializerOptions.Default));
    }

    public override void EndArguments(ref MemoryPackReader reader)
    {
        ReferenceScope.Enter(_outer);
        Assert.Equal(0, reader.Remaining);
    }

    public override IProgress<T>? ReadProgress<T>(ref MemoryPackReader reader, ResultWriter<T> writer) =>
        (progress[reader.ReadUnmanaged<int>() - 1] as LoopbackProgress<T>)?.At(writer);

    public override void Return() => Result.SetResult(LoopbackMessage.Empty);

    public override void Return<T>(T value, ResultWriter<T> writer) => Result.SetResult(LoopbackMessage.Write(value, writer));

    public override async void ReturnAsync(ValueTask task)
    {
        try
        {
            await task;
            Return();
        }
        catch (Exception error)
        {
            Result.SetException(error);
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
            Result.SetException(error);
        }
    }

    public override async void ReturnItems<T>(IAsyncEnumerable<T> items, ResultWriter<T> writer)
    {
        try
        {
            await foreach (T item in items.WithCancellation(cancellationToken))
            {
                Items.Writer.TryWrite(LoopbackMessage.Write(item, writer));
            }

            Items.Writer.Complete();
        }
        catch (Exception error)
        {
            Items.Writer.Complete(error);
        }
    }

    public override void ReturnPromised<T>(T value, RemoteContract<T> contract) => Promised.SetResult((contract, value));
}
