using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The items of a stream that another context produces. For one reader, as every enumerator.</summary>
internal sealed class ItemReader<T>(PendingCall<T> call, PartQueue parts, ResultReader<T> reader) : IAsyncEnumerator<T>
{
    private readonly List<T> _items = [];
    private int _next;
    private int _closed;

    public T Current { get; private set; } = default!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_next < _items.Count)
        {
            Current = _items[_next++];
            return new ValueTask<bool>(true);
        }

        return ReadMoreAsync();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            call.CloseStream();
        }

        return default;
    }

    private async ValueTask<bool> ReadMoreAsync()
    {
        do
        {
            _items.Clear();
            _next = 0;
            if (_closed != 0 || await parts.TakeAsync().ConfigureAwait(false) is not { } part)
            {
                Current = default!;
                call.ThrowIfFailed();
                return false;
            }

            Decode(part);
        }
        while (_items.Count == 0);

        Current = _items[_next++];
        return true;
    }

    private void Decode(IncomingPart part)
    {
        MemoryPackReader source = new(part.Buffer.WrittenSpan, MemoryPackReaderOptionalStatePool.Rent(null));
        try
        {
            while (source.Remaining > 0)
            {
                long before = source.Remaining;
                _items.Add(reader(ref source));
                if (source.Remaining == before)
                {
                    throw new MemoryPackSerializationException("An item has no bytes.");
                }
            }
        }
        catch (MemoryPackSerializationException e)
        {
            throw new InvalidOperationException($"An item of {parts.Call.Parts.Describe()} cannot be read: {e.Message}", e);
        }
        finally
        {
            Messages.End(ref source);
            part.Recycle();
        }
    }
}
