namespace Mitogen.Multiplexing;

/// <summary>Streams in the order they came, each in one list at a time; adding and removing one costs the same however many there are.</summary>
/// <remarks>Not thread-safe: its owner guards it.</remarks>
internal sealed class StreamList
{
    private MuxStream? _last;

    /// <summary>The stream that has been in the list the longest.</summary>
    public MuxStream? First { get; private set; }

    public int Count { get; private set; }

    /// <summary>Moves a stream to the end of this list, out of the one that it is in.</summary>
    public void Add(MuxStream stream)
    {
        stream.List?.Remove(stream);
        stream.List = this;
        stream.Previous = _last;
        stream.Next = null;
        if (_last is null)
        {
            First = stream;
        }
        else
        {
            _last.Next = stream;
        }

        _last = stream;
        Count++;
    }

    /// <summary>Takes a stream out of the list.</summary>
    public void Remove(MuxStream stream)
    {
        if (stream.Previous is { } previous)
        {
            previous.Next = stream.Next;
        }
        else
        {
            First = stream.Next;
        }

        if (stream.Next is { } next)
        {
            next.Previous = stream.Previous;
        }
        else
        {
            _last = stream.Previous;
        }

        stream.List = null;
        stream.Previous = stream.Next = null;
        Count--;
    }

    public void AddTo(List<MuxStream> all)
    {
        for (MuxStream? stream = First; stream is not null; stream = stream.Next)
        {
            all.Add(stream);
        }
    }
}
