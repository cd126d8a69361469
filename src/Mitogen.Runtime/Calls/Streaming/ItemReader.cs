using System.Diagnostics.CodeAnalysis;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The items of a stream that another context produces. For one reader, as every enumerator; one that is forgotten ends the stream by its finalizer.</summary>
[SuppressMessage("Usage", "CA1816", Justification = "Closed in other ways than by Dispose.")]
internal sealed class ItemReader<T>(PartQueue parts, ResultReader<T> reader) : IAsyncEnumerator<T>, IForgotten
{
    private readonly List<T> _items = [];
    private int _next;
    private int _closed;

#pragma warning disable MA0055 // the producer's context cannot know that nobody reads any more
    ~ItemReader() => parts.Hub.Forgotten.Add(this);
#pragma warning restore MA0055

    public T Current { get; private set; } = default!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_closed == 0 && _next < _items.Count)
        {
            Current = _items[_next++];
            return new ValueTask<bool>(true);
        }

        return ReadMoreAsync();
    }

    public ValueTask DisposeAsync()
    {
        LetGo();
        return default;
    }

    /// <summary>Ends the stream, by its reader or on a pool thread because that was forgotten.</summary>
    public void LetGo()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            parts.Close();
        }
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
                if (_closed == 0)
                {
                    parts.ThrowIfFailed();
                }

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
            throw new InvalidOperationException($"An item of {parts.Describe()} cannot be read: {e.Message}", e);
        }
        finally
        {
            Messages.End(ref source);
            part.Recycle();
        }
    }
}
