using System.Buffers.Binary;
using Mitogen.Framing;

namespace Mitogen.Multiplexing;

/// <summary>
/// One end of a stream: a message each way, each cut into frames as the other end's credit allows. Not thread-safe:
/// its owner guards it.
/// </summary>
internal sealed class MuxStream : Outlet
{
    // The least piece that a frame is cut for when the rest of a batch is small.
    private const int LeastPiece = 4 * 1024;

    /// <summary>How many bytes of a Reset's explanation are sent and taken.</summary>
    public const int MaxResetText = 1000;

    private readonly IStreamOwner _owner;
    private IStreamHandler? _handler;
    private ReadOnlyMemory<byte> _body;
    private int _sent;
    private bool _hasBody;
    private bool _endsAfterBody;
    private bool _opened;
    private bool _skip;
    private bool _localEnded;
    private bool _remoteEnded;
    private bool _closed;
    private ResetCode _reset;
    private string _resetMessage = "";
    private int _credit;
    private int _window;
    private int _windowTarget;
    private int _unacknowledged;

    public MuxStream(IStreamOwner owner) => _owner = owner;

    /// <summary>The link that the stream's frames leave by.</summary>
    public LinkEnd Link { get; private set; } = null!;

    /// <summary>Who takes what comes; <see langword="null"/> once it has let go.</summary>
    public IStreamHandler? Handler => _handler;

    /// <summary>All streams with the context at the other end.</summary>
    public PeerStreams With { get; private set; } = null!;

    /// <summary>The context at the other end.</summary>
    public uint Peer => With.Peer;

    /// <summary>The account of the other end's context; <see langword="null"/> where it is above this context, or this context itself.</summary>
    public Account? Account => With.Account;

    public ulong Id { get; private set; }

    public bool IsOpener { get; private set; }

    public bool IsClosed => _closed;

    /// <summary>Which slots it takes, of an opener.</summary>
    public StreamClass Class { get; private set; }

    /// <summary>Whether the stream has one of the slots for calls to its peer. Owned by <see cref="CallSlots"/>.</summary>
    public bool HoldsSlot { get; set; }

    /// <summary>The list that an opener's stream is in, and its neighbours there. Owned by <see cref="StreamList"/>.</summary>
    public StreamList? List { get; set; }

    public MuxStream? Previous { get; set; }

    public MuxStream? Next { get; set; }

    /// <summary>Whether the stream was given up before it was sent: only its place in the order goes out.</summary>
    public bool IsSkipped => _skip;

    /// <summary>Whether the Open frame has been written to a batch (or received).</summary>
    public bool IsOpened => _opened;

    /// <summary>Whether all that was given to <see cref="Send"/> has been written to batches.</summary>
    public bool IsSent => !_hasBody || _sent == _body.Length;

    /// <summary>How many bytes this end may still send.</summary>
    public int Credit => _credit;

    /// <summary>How many bytes the other end may still send.</summary>
    public int Window => _window;

    /// <param name="link">The link that its frames leave by.</param>
    /// <param name="with">The streams with the context at the other end.</param>
    /// <param name="id">The opener's number for it.</param>
    /// <param name="opens">The class of a stream that this context opens; <see langword="null"/> for one that it accepts.</param>
    /// <param name="handler">Who takes what comes.</param>
    public void Start(LinkEnd link, PeerStreams with, ulong id, StreamClass? opens, IStreamHandler? handler)
    {
        bool isOpener = opens is not null;
        Link = link;
        With = with;
        Id = id;
        IsOpener = isOpener;
        Class = opens.GetValueOrDefault();
        _handler = handler;
        _body = default;
        _sent = 0;
        _hasBody = _skip = _localEnded = _remoteEnded = _closed = false;
        _opened = !isOpener;
        _reset = 0;
        _resetMessage = "";
        _credit = _window = _windowTarget = _owner.Options.InitialWindow;
        _unacknowledged = 0;
    }

    /// <summary>Says who takes what comes, of a stream that was accepted just now.</summary>
    public void Accept(IStreamHandler handler) => _handler = handler;

    /// <summary>Sends this end's message, or the next part of it.</summary>
    /// <param name="message">The bytes. They must stay as they are until they are sent, or the stream is closed or reset.</param>
    /// <param name="end">Whether they are the last; if not, <see cref="IStreamHandler.OnSent"/> asks for more, and nothing is sent before.</param>
    public void Send(ReadOnlyMemory<byte> message, bool end = true)
    {
        if (_closed || _reset != 0)
        {
            return;
        }

        _body = message;
        _sent = 0;
        _hasBody = true;
        _endsAfterBody = end;
        EnqueueIfReady();
    }

    /// <summary>Ends this end's sending after what was sent. The handler is not called any more: it has let go of the stream.</summary>
    public void End()
    {
        _handler = null;
        Send(default);
    }

    /// <summary>
    /// Ends the stream from this side. The message given to <see cref="Send"/> is not touched any more, and the handler is not
    /// called any more: it has let go of the stream.
    /// </summary>
    /// <param name="code">Why.</param>
    /// <param name="message">For people; cut at 1,000 bytes.</param>
    /// <param name="orderHeader">
    /// For an opener that has sent nothing yet: the call header, which then goes alone, so that the order has no gap.
    /// </param>
    public void Reset(ResetCode code, string message, ReadOnlySpan<byte> orderHeader)
    {
        if (_closed || _reset != 0)
        {
            return;
        }

        _handler = null;
        if (!_opened)
        {
            _skip = true;
            _body = orderHeader.ToArray();
            _hasBody = _endsAfterBody = true;
            EnqueueIfReady();
            return;
        }

        _body = default;
        _hasBody = false;
        _reset = code;
        _resetMessage = message;
        Link.Sender.Enqueue(this);
        Link.Wake();
    }

    /// <summary>Ends the stream because the other end broke its rules.</summary>
    private void Fail(ResetCode code, string message)
    {
        IStreamHandler? handler = _handler;
        Reset(code, message, default);
        handler?.OnReset(this, code, message);
        handler?.OnClosed(this);
    }

    /// <summary>Lets the other end send more, now that its bytes are taken; small amounts are saved up.</summary>
    /// <param name="count">The bytes taken.</param>
    /// <param name="expected">How many more bytes are expected; a long message gets a larger window.</param>
    public void Consumed(int count, long expected)
    {
        if (_closed || _remoteEnded || _reset != 0)
        {
            return;
        }

        _unacknowledged += count;
        if (_unacknowledged < _windowTarget / 2 || expected <= _window)
        {
            return;
        }

        // A long message gets what it needs at once, as far as its own and the link's bound go.
        long wanted = Math.Min(expected, _owner.Options.BulkWindow) - _windowTarget;
        int extra = (int)Math.Clamp(wanted, 0, Math.Max(0, _owner.Options.MaxLinkCredit - Link.ExtraCredit));
        Link.ExtraCredit += extra;
        _windowTarget += extra;
        int grant = _unacknowledged + extra;
        _unacknowledged = 0;
        _window += grant;
        Span<byte> body = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(body, grant);
        Link.SendControl(Header(body.Length, FrameKind.Credit, FrameFlags.None), body);
    }

    public override int WriteFrame(Span<byte> room, out bool more)
    {
        more = false;
        if (_closed)
        {
            return 0;
        }

        if (_reset != 0)
        {
            return WriteReset(room, out more);
        }

        if (!_hasBody || _localEnded)
        {
            return 0;
        }

        int left = _body.Length - _sent;
        int piece = Math.Min(left, Math.Min(FrameHeader.MaxBody, _credit));
        if (piece == 0 && left > 0)
        {
            return 0; // without credit: back in the ring when it comes
        }

        int space = room.Length - FrameHeader.Size;
        if (space < Math.Min(piece, LeastPiece))
        {
            more = true;
            return 0;
        }

        piece = Math.Min(piece, space);
        bool whole = piece == left;
        bool end = whole && _endsAfterBody;
        FrameFlags flags = (end ? FrameFlags.End : FrameFlags.None) | (_skip ? FrameFlags.Skip : FrameFlags.None);
        Header(piece, _opened ? FrameKind.Data : FrameKind.Open, flags).Write(room);
        _body.Span.Slice(_sent, piece).CopyTo(room[FrameHeader.Size..]);
        _opened = true;
        _sent += piece;
        _credit -= piece;
        _localEnded = end;
        more = !whole && _credit > 0;
        if (_skip || (end && _remoteEnded))
        {
            Close();
        }
        else if (whole && !end)
        {
            _hasBody = false;
            _body = default;
            _handler?.OnSent(this); // which puts the stream back into the ring if there is another part
        }

        return FrameHeader.Size + piece;
    }

    /// <summary>Takes bytes of the other end's message.</summary>
    public void ReceiveData(ReadOnlySpan<byte> bytes, bool end)
    {
        if (_closed || _reset != 0)
        {
            return; // crossed our reset
        }

        if (_remoteEnded || bytes.Length > _window)
        {
            Fail(ResetCode.FlowControl, "More was sent on a stream than its window allows, or after its end.");
            return;
        }

        _window -= bytes.Length;
        _remoteEnded = end;
        _handler?.OnData(this, bytes, end);
        if (end && _localEnded && !_closed)
        {
            Close();
        }
    }

    public void ReceiveCredit(int grant)
    {
        if (_closed || _reset != 0)
        {
            return;
        }

        if (grant <= 0 || grant > int.MaxValue - _credit)
        {
            Fail(ResetCode.FlowControl, "A grant of credit is not a positive number within bounds.");
            return;
        }

        _credit += grant;
        EnqueueIfReady();
    }

    public void ReceiveReset(ResetCode code, string message)
    {
        if (!_closed)
        {
            _handler?.OnReset(this, code, message);
            Close();
        }
    }

    public void Lose(DisconnectReason reason)
    {
        if (!_closed)
        {
            _handler?.OnLost(this, reason);
            Close();
        }
    }

    /// <summary>Takes its place in the link's ring if there is something to send and credit to send it.</summary>
    public void EnqueueIfReady()
    {
        if (_hasBody && !_localEnded && (_credit > 0 || _body.Length == _sent) && (_opened || With.MayOpen(this)))
        {
            Link.Sender.Enqueue(this);
            Link.Wake();
        }
    }

    private int WriteReset(Span<byte> room, out bool more)
    {
        byte[] text = WireText.Write(_resetMessage, MaxResetText);
        int size = FrameHeader.Size + 1 + text.Length;
        more = room.Length < size;
        if (more)
        {
            return 0;
        }

        Header(1 + text.Length, FrameKind.Reset, FrameFlags.None).Write(room);
        room[FrameHeader.Size] = (byte)_reset;
        text.CopyTo(room[(FrameHeader.Size + 1)..]);
        Close();
        return size;
    }

    private FrameHeader Header(int length, FrameKind kind, FrameFlags flags) =>
        new(length, kind, IsOpener ? flags : flags | FrameFlags.FromAcceptor, Peer, _owner.Self, Id);

    private void Close()
    {
        _closed = true;
        Link.ExtraCredit -= _windowTarget - _owner.Options.InitialWindow;
        _body = default;
        _hasBody = false;
        IStreamHandler? handler = _handler;
        _handler = null;
        _owner.Forget(this);
        handler?.OnClosed(this);
    }
}
