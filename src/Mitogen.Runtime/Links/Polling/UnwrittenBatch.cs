using Mitogen.Processes;

namespace Mitogen.Links;

/// <summary>The bytes of a link that are to be written next, and how many of them have been. Owned by who writes.</summary>
internal sealed class UnwrittenBatch(IPolledTransport transport)
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Begins with the first bytes of an array, which is given back if it is a buffer (<see cref="Batches"/>) when they are written.</summary>
    public void Set(byte[] bytes, int count) => (_bytes, _start, _end) = (bytes, 0, count);

    /// <summary>Writes as much as fits.</summary>
    /// <returns>Whether all is written.</returns>
    /// <exception cref="IOException">The link is broken.</exception>
    public bool TryWrite()
    {
        if (_bytes is not { } bytes)
        {
            return true;
        }

        while (_start < _end)
        {
            int taken = transport.TryWrite(bytes.AsSpan(_start, _end - _start));
            if (taken == 0)
            {
                return false;
            }

            _start += taken;
        }

        _bytes = null;
        Batches.Return(bytes);
        return true;
    }
}
