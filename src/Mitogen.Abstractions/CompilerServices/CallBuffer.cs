using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;

namespace Mitogen.CompilerServices;

/// <summary>The bytes of one call's arguments or result. For generated code and the runtime only.</summary>
/// <remarks>Not thread-safe: it belongs to the call that owns it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CallBuffer : IBufferWriter<byte>
{
    private const int InitialSize = 256;

    // The bytes that a call keeps for its next use; larger arrays go back to the shared pool, so that one large call does not pin memory.
    // No more than a call is charged for at the least: thousands of calls are kept for their next use, and what they keep is charged to
    // nobody.
    internal const int KeptSize = 4 * 1024;

    private byte[] _array = [];
    private bool _pooled;
    private int _written;
    private int _maxSize = int.MaxValue;
    private int _headerSize;

    /// <summary>The number of bytes written.</summary>
    public int WrittenCount => _written;

    /// <summary>The bytes written so far.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, _written);

    /// <summary>The bytes written so far.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _written);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= _array.Length - _written, "more was written than asked for");
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _array.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _array.AsSpan(_written);
    }

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(_array.AsSpan(_written));
        _written += bytes.Length;
    }

    /// <summary>Forgets what was written, and keeps a small array for the next use.</summary>
    public void Reset()
    {
        _written = 0;
        if (_array.Length > KeptSize)
        {
            Replace([], pooled: false);
        }
    }

    /// <summary>Bounds the message behind the header.</summary>
    internal void Limit(int headerSize, int maxMessage)
    {
        _headerSize = headerSize;
        _maxSize = headerSize + maxMessage;
    }

    /// <summary>Holds the message to its bound, which the buffer, as it grows in steps, keeps only about.</summary>
    internal void CheckSize()
    {
        if (_written > _maxSize)
        {
            throw TooLarge();
        }
    }

    /// <summary>Begins a message: forgets what was written, and leaves zeros where its header will be.</summary>
    /// <param name="headerSize">The bytes of the header.</param>
    /// <param name="size">How many will follow it, if that is known.</param>
    internal void Begin(int headerSize, int size = 0)
    {
        Reset();
        Reserve(headerSize + size);
        _array.AsSpan(0, headerSize).Clear();
        _written = headerSize;
    }

    /// <summary>The first bytes, to be filled in afterwards.</summary>
    internal Span<byte> Front(int count) => _array.AsSpan(0, Math.Min(count, _written));

    /// <summary>Makes room for a message whose size is known, so that it is gathered without being copied again.</summary>
    internal void Reserve(int size)
    {
        if (size > _array.Length - _written)
        {
            Grow(size);
        }
    }

    private void EnsureRoom(int sizeHint)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (wanted > _array.Length - _written)
        {
            Grow(wanted);
        }
    }

    private void Grow(int wanted)
    {
        long needed = (long)_written + wanted;
        if (needed > _maxSize)
        {
            throw TooLarge();
        }

        long size = Math.Clamp(Math.Max(needed, (long)_array.Length * 2), InitialSize, Math.Max(Array.MaxLength, InitialSize));
        byte[] larger = size > KeptSize ? ArrayPool<byte>.Shared.Rent((int)size) : new byte[size];
        _array.AsSpan(0, _written).CopyTo(larger);
        Replace(larger, pooled: size > KeptSize);
    }

    private InvalidOperationException TooLarge() =>
        new($"A message of more than {_maxSize - _headerSize} bytes is not sent: the option MaxMessageSize says so. Raise it, or send a stream.");

    private void Replace(byte[] array, bool pooled)
    {
        if (_pooled)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = array;
        _pooled = pooled;
    }
}
