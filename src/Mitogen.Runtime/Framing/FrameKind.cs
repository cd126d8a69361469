namespace Mitogen.Framing;

/// <summary>
/// The kind of a frame. A receiver ignores kinds that it does not know (and forwards them, when they are not for it), so that new
/// kinds can be added; broken framing closes the link.
/// </summary>
internal enum FrameKind : byte
{
    /// <summary>
    /// Begins a stream. Sent by the opener, once, before anything else of the stream. Body: the call header, then the first
    /// bytes of the message. Counts against the stream's initial window.
    /// </summary>
    Open = 1,

    /// <summary>Carries bytes of a stream, in either direction. Counts against the window that the other end granted.</summary>
    Data = 2,

    /// <summary>
    /// Ends a stream at once, in both directions; sent by either end, last. Body: a <see cref="Multiplexing.ResetCode"/>
    /// byte, then an explanation in UTF-8. Ignored for a stream that the receiver does not know (it may have ended already).
    /// </summary>
    Reset = 3,

    /// <summary>
    /// Lets the other end of a stream send more. Body: a u32, the number of further bytes. Ignored for a stream that the
    /// receiver does not know. May overtake other frames of its stream.
    /// </summary>
    Credit = 4,

    /// <summary>
    /// Tells a parent that a context came up below its child; each hop passes it on upward. Body: u32 id, u32 the id of the
    /// context that started it. Only child to parent; dropped when the id is not in a block that was leased to that child.
    /// </summary>
    RouteAdded = 5,

    /// <summary>
    /// Tells a parent that a context below its child is gone; each hop passes it on upward. Body: u32 id, then the reason.
    /// </summary>
    ContextGone = 6,

    /// <summary>Keeps a silent link alive. Sent by either end of a link; carries nothing and is answered by nothing.</summary>
    KeepAlive = 7,

    /// <summary>
    /// Asks a child to end in order. Only parent to child; from a child it has no effect. Body: u32, the grace period for user
    /// code in milliseconds, which starts now.
    /// </summary>
    Goodbye = 8,

    /// <summary>
    /// Tells a child that a context below it broke the protocol, and is to be gone. Only parent to child; passed on downward.
    /// Body: u32 id, u32 patience in milliseconds, then an explanation in UTF-8.
    /// </summary>
    Expel = 9,

    /// <summary>
    /// A child's last frame: it ends by itself, or did what a Goodbye asked for. Body: that of <see cref="ContextGone"/>, about the child
    /// itself. The parent reads no further and closes its side. From a parent it has no effect.
    /// </summary>
    LastWord = 10,

    /// <summary>
    /// Tells the other end of a link that a debugger is attached to the sender, which may be silent for any time. Body: u8, 1 or 0 (it is
    /// attached no more).
    /// </summary>
    Debugged = 11,
}
