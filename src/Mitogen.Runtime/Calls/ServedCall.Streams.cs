using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <content>Answers of several parts: items, bytes and reports.</content>
internal sealed partial class ServedCall
{
    // The bytes that gather before they are sent, as long as the producer has more at once.
    private const int ItemsAtOnce = 32 * 1024;
    private const int BytesAtOnce = (64 * 1024) - AnswerHeader.Size;

    // A producer that is slow and never awaits anything keeps no item longer than this.
    private const int MillisecondsAtMost = 20;

    // Guarded by the hub's lock.
    private AnswerParts? _parts;
    private byte _progressCount;

    // Owned by whoever moves the enumerator.
    private long _itemCount;

    public override IProgress<T>? ReadProgress<T>(ref MemoryPackReader reader, ResultWriter<T> writer)
    {
        byte number = _progressCount++;
        return WireData.ReadBoolean(ref reader) ? new ProgressSender<T>(Parts(), number, writer) : null;
    }

    public override void ReturnItems<T>(IAsyncEnumerable<T> items, ResultWriter<T> writer)
    {
        if (items is null)
        {
            throw new InvalidOperationException($"{_method!.Name} returned null instead of items: return an empty stream where there are none.");
        }

        // The service is free from now on, and held again while an item is made.
        ExclusiveGate? exclusive = Interlocked.Exchange(ref _exclusive, null);
        exclusive?.Leave();
        _ = SendItemsAsync(items, exclusive, writer);
    }

    /// <summary>The method returned a stream of bytes; the call ends with it.</summary>
    public void ReturnBytes(Stream source) => _ = SendBytesAsync(source);

    // Both end the call whatever happens, so nobody has to wait for them.
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
    private async Task SendItemsAsync<T>(IAsyncEnumerable<T> items, ExclusiveGate? exclusive, ResultWriter<T> writer)
    {
        try
        {
            // Work of a producer before its first wait is not part of the start of the call, which others wait for.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            AnswerParts parts = Parts();
            IAsyncEnumerator<T> source = exclusive is null
                ? items.GetAsyncEnumerator(CancellationToken)
                : await ExclusiveItems<T>.BeginAsync(items, exclusive, this, CancellationToken).ConfigureAwait(false);
            try
            {
                await SendItemsAsync(parts, source, writer).ConfigureAwait(false);
            }
            finally
            {
                await source.DisposeAsync().Guarded();
            }
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Return();
    }

    private async Task SendBytesAsync(Stream source)
    {
        try
        {
            AnswerParts parts = Parts();
            CancellationToken token = CancellationToken;
            while (true)
            {
                CallBuffer part = parts.NewPart(BytesAtOnce);
                int count = await source.ReadAsync(part.GetMemory(BytesAtOnce)[..BytesAtOnce], token).Guarded();
                if (count == 0)
                {
                    break;
                }

                if ((uint)count > BytesAtOnce)
                {
                    throw new InvalidOperationException($"A {source.GetType()} says that it read {count} bytes into a buffer of {BytesAtOnce}.");
                }

                part.Advance(count);
                await parts.SendAsync(part, AnswerKind.Bytes).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Return();
    }
#pragma warning restore CA1031

#pragma warning disable CA2012 // each is taken once: a move that is not there yet is handed on to who awaits it
    private async Task SendItemsAsync<T>(AnswerParts parts, IAsyncEnumerator<T> source, ResultWriter<T> writer)
    {
        CallBuffer part = parts.NewPart();
        ValueTask<bool> move = source.MoveNextAsync();
        while (true)
        {
            move = WriteReady(ref part, source, move, writer);
            if (part.WrittenCount > AnswerHeader.Size)
            {
                Task room = parts.SendAsync(part, AnswerKind.Items);
                part = parts.NewPart();
                await room.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!room.IsCompletedSuccessfully)
                {
                    await EndAsync(move).ConfigureAwait(false);
                    await room.ConfigureAwait(false);
                }
            }

            if (!move.IsCompletedSuccessfully || !move.Result)
            {
                if (!await move.Guarded())
                {
                    return;
                }

                // Taken already, so the next round has to be told.
                move = new ValueTask<bool>(true);
            }
        }
    }

    /// <summary>Nobody wants the items any more, and the token said so: an enumerator is not disposed while it moves.</summary>
    private static async Task EndAsync(ValueTask<bool> move)
    {
#pragma warning disable CA1031 // the end of the stream is told already
        try
        {
            _ = await move.Guarded();
        }
        catch (Exception)
        {
            // Cancelled, most likely; nobody is left to hear of anything else.
        }
#pragma warning restore CA1031
    }

    /// <summary>Writes the items that are there, until one is not or there are enough for a part.</summary>
    private ValueTask<bool> WriteReady<T>(ref CallBuffer part, IAsyncEnumerator<T> source, ValueTask<bool> move, ResultWriter<T> write)
    {
        if (!move.IsCompletedSuccessfully)
        {
            return move;
        }

        MemoryPackWriter<CallBuffer> writer = new(ref part, MemoryPackWriterOptionalStatePool.Rent(null));
        bool more = move.Result;
        long begun = Environment.TickCount64;
        while (more)
        {
            WriteItem(ref writer, source.Current, write);
            move = source.MoveNextAsync();
            if (!move.IsCompletedSuccessfully)
            {
                Messages.End(ref writer);
                return move;
            }

            more = move.Result;
            if (writer.WrittenCount >= ItemsAtOnce || Environment.TickCount64 - begun > MillisecondsAtMost)
            {
                break;
            }
        }

        Messages.End(ref writer);
        return new ValueTask<bool>(more);
    }
#pragma warning restore CA2012

    private void WriteItem<T>(ref MemoryPackWriter<CallBuffer> writer, T item, ResultWriter<T> write)
    {
        try
        {
            write(ref writer, item);
            _itemCount++;
        }
        catch (MemoryPackSerializationException e)
        {
            throw new InvalidOperationException($"Item {_itemCount} of {_method!.Name}, from 0 on, cannot be written: {e.Message}", e);
        }
    }

    private AnswerParts Parts()
    {
        using (hub.Enter())
        {
            return _parts ??= new AnswerParts(hub, _stream, _account);
        }
    }
}
