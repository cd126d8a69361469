using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>A method's answer that is a stream of items: those that are there at once go in one part.</summary>
internal static class ItemSending
{
    // The bytes that gather before they are sent, as long as the producer has more at once.
    private const int ItemsAtOnce = 32 * 1024;

    // A producer that is slow and never awaits anything keeps no item longer than this.
    private const int MillisecondsAtMost = 20;

    /// <summary>Sends the items and ends the call, whatever happens: nobody has to wait for it.</summary>
    public static async Task SendAsync<T>(
        DispatchedCall call, IAsyncEnumerable<T> items, ExclusiveGate? exclusive, IExclusiveEntry entry, ResultWriter<T> writer)
    {
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        try
        {
            // Work of a producer before its first wait is not part of the start of the call, which others wait for.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            AnswerParts parts = call.Parts();
            IAsyncEnumerator<T> source = exclusive is null
                ? items.GetAsyncEnumerator(call.CancellationToken)
                : await ExclusiveItems<T>.BeginAsync(items, exclusive, entry, call.CancellationToken).ConfigureAwait(false);
            try
            {
                await SendAsync(call, parts, source, writer).ConfigureAwait(false);
            }
            finally
            {
                await source.DisposeAsync().Guarded();
            }
        }
        catch (Exception e)
        {
            call.Fail(e);
            return;
        }
#pragma warning restore CA1031

        call.Return();
    }

#pragma warning disable CA2012 // each is taken once: a move that is not there yet is handed on to who awaits it
    private static async Task SendAsync<T>(DispatchedCall call, AnswerParts parts, IAsyncEnumerator<T> source, ResultWriter<T> writer)
    {
        CallBuffer part = parts.NewPart();
        long count = 0;
        ValueTask<bool> move = source.MoveNextAsync();
        while (true)
        {
            move = WriteReady(call, ref part, ref count, source, move, writer);
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
    private static ValueTask<bool> WriteReady<T>(
        DispatchedCall call, ref CallBuffer part, ref long count, IAsyncEnumerator<T> source, ValueTask<bool> move, ResultWriter<T> write)
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
            WriteItem(call, ref writer, count++, source.Current, write);
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

    private static void WriteItem<T>(DispatchedCall call, ref MemoryPackWriter<CallBuffer> writer, long number, T item, ResultWriter<T> write)
    {
        try
        {
            write(ref writer, item);
        }
        catch (MemoryPackSerializationException e)
        {
            throw new InvalidOperationException($"Item {number} of {call.Name}, from 0 on, cannot be written: {e.Message}", e);
        }
    }
}
