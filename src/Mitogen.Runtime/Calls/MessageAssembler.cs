using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// Gathers a message whose length stands in its header. Memory grows with what came, not with what was announced: a large message is kept
/// in pieces, which are joined once by who reads it. What is kept is charged to the sender. More credit is granted
/// as the bytes are taken.
/// </summary>
/// <remarks>Not thread-safe: its owner guards it while the message comes and as long as it is charged; from then on it is the reader's.</remarks>
/// <param name="free">How many bytes of a message are not charged: its call stands for them.</param>
/// <param name="overhead">The amount that is charged beside the bytes.</param>
internal sealed class MessageAssembler(int free = 0, int overhead = 0)
{
    /// <summary>The bytes that are set aside at the least for a message of unknown length.</summary>
    public const int FirstPiece = 4 * 1024;

    private const int LargestPiece = 64 * 1024;

    // The first piece is in the buffer. The others follow, all full but the last.
    private readonly List<byte[]> _pieces = [];
    private Charge _charge = new(Resource.Memory);
    private long _expected;
    private long _count;
    private int _headerBytes;
    private int _capacity;
    private int _room;

    /// <summary>The message, once it is whole and <see cref="Join"/>ed.</summary>
    public CallBuffer Buffer { get; } = new();

    /// <summary>Whether exactly what was announced has come.</summary>
    public bool IsComplete => _count == _expected;

    /// <summary>How many bytes are still to come.</summary>
    public long Missing => _expected - _count;

    /// <summary>How many bytes have come.</summary>
    public long Count => _count;

    /// <summary>Whether the sender's account had no room for what came last.</summary>
    public bool IsOverBound { get; private set; }

    /// <summary>Whether something is charged, which is given back before the message is released.</summary>
    public bool IsCharged => _charge.IsHeld;

    /// <summary>Begins with a message, when the one before it was released.</summary>
    /// <param name="expected">How many bytes the message has.</param>
    /// <param name="headerBytes">Bytes that came before it; they are granted anew with the first ones of the message.</param>
    /// <param name="account">Who is charged; <see langword="null"/>: nobody.</param>
    public void Start(long expected, int headerBytes = 0, Account? account = null)
    {
        _charge.Begin(account);
        IsOverBound = !_charge.TrySet(Math.Max(0, overhead - free));
        _expected = expected;
        _headerBytes = headerBytes;
    }

    /// <summary>Takes bytes, and lets their sender send more.</summary>
    /// <returns>Whether the bytes are within what was announced, and within the sender's bound.</returns>
    public bool Append(MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        if (!Append(bytes))
        {
            return false;
        }

        stream.Consumed(bytes.Length + _headerBytes, Missing);
        _headerBytes = 0;
        return true;
    }

    /// <summary>Takes bytes.</summary>
    /// <returns>Whether the bytes are within what was announced, and within the sender's bound.</returns>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        if (_capacity == 0 && bytes.Length == _expected && bytes.Length + overhead <= free)
        {
            // Most messages are small, come whole and are charged to nobody.
            Buffer.Write(bytes);
            _capacity = bytes.Length;
            _count = bytes.Length;
            return true;
        }

        if (bytes.Length > Missing)
        {
            return false;
        }

        while (!bytes.IsEmpty && !IsOverBound)
        {
            if (_room == 0 && !AddPiece(bytes.Length))
            {
                IsOverBound = true;
                return false;
            }

            int count = Math.Min(_room, bytes.Length);
            if (_pieces.Count == 0)
            {
                Buffer.Write(bytes[..count]);
            }
            else
            {
                byte[] last = _pieces[^1];
                bytes[..count].CopyTo(last.AsSpan(last.Length - _room));
            }

            bytes = bytes[count..];
            _room -= count;
            _count += count;
        }

        return !IsOverBound;
    }

    /// <summary>Copies the last bytes of a message that came whole, as many as there is room for.</summary>
    public void CopyEnd(Span<byte> destination)
    {
        int unused = _room;
        for (int i = _pieces.Count - 1; i >= 0 && !destination.IsEmpty; i--)
        {
            CopyEnd(_pieces[i].AsSpan(0, _pieces[i].Length - unused), ref destination);
            unused = 0;
        }

        CopyEnd(Buffer.WrittenSpan, ref destination);
    }

    /// <summary>The message, which came whole, for who reads it.</summary>
    public ReadOnlySpan<byte> Join()
    {
        if (_pieces.Count > 0)
        {
            JoinPieces();
        }

        return Buffer.WrittenSpan;
    }

    /// <summary>The sender is charged no more. The bytes stay until they are released.</summary>
    public void GiveBack() => _charge.Clear();

    /// <summary>Forgets the message, of which nothing is charged any more.</summary>
    public void Reset()
    {
        if (_pieces.Count > 0)
        {
            ReturnPieces();
        }

        Debug.Assert(!IsCharged, "What was charged is not given back.");
        Buffer.Reset();
        _expected = _count = 0;
        _headerBytes = _capacity = _room = 0;
        IsOverBound = false;
    }

    /// <summary>Makes room for at least one more byte: as much as came at once, and no more than as much again as came before.</summary>
    private bool AddPiece(int wanted)
    {
        // The array that the pool gives: of a power of two, all of it is used.
        int size = _capacity == 0
            ? (int)Math.Min(Missing, Math.Max(wanted, FirstPiece))
            : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Missing, Math.Clamp(_capacity, FirstPiece, LargestPiece)));
        if (!_charge.TrySet(Math.Max(0, _capacity + size + overhead - free)))
        {
            return false;
        }

        if (_capacity == 0)
        {
            Buffer.Reserve(size);
        }
        else
        {
            byte[] piece = ArrayPool<byte>.Shared.Rent(size);
            _pieces.Add(piece);
            size = piece.Length;
        }

        _capacity += size;
        _room = size;
        return true;
    }

    private void JoinPieces()
    {
        Buffer.Reserve((int)(_count - Buffer.WrittenCount));
        for (int i = 0; i < _pieces.Count; i++)
        {
            int unused = i == _pieces.Count - 1 ? _room : 0;
            Buffer.Write(_pieces[i].AsSpan(0, _pieces[i].Length - unused));
        }

        ReturnPieces();
        _room = 0;
    }

    private void ReturnPieces()
    {
        foreach (byte[] piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        _pieces.Clear();
    }

    private static void CopyEnd(ReadOnlySpan<byte> source, ref Span<byte> destination)
    {
        int count = Math.Min(source.Length, destination.Length);
        source[^count..].CopyTo(destination[^count..]);
        destination = destination[..^count];
    }
}
