namespace Mitogen.Multiplexing;

/// <summary>Why a stream was ended at once: the first byte of a Reset frame's body.</summary>
internal enum ResetCode : byte
{
    /// <summary>The opener does not want the answer any more.</summary>
    Cancelled = 1,

    /// <summary>The acceptor does not serve this: the text says why.</summary>
    Refused = 2,

    /// <summary>More bytes came than the window allowed.</summary>
    FlowControl = 3,

    /// <summary>The message is larger than the receiver's option allows.</summary>
    TooLarge = 4,

    /// <summary>No context of that id is known on the way; sent by the context that found no route.</summary>
    Unreachable = 5,

    /// <summary>The stream's first bytes make no sense to the acceptor.</summary>
    Malformed = 6,

    /// <summary>The caller was given no object of that id, or has let go of it.</summary>
    NoSuchObject = 7,

    /// <summary>The opener may not call this: it was not given the object, or is not above.</summary>
    NotAllowed = 8,

    /// <summary>A bound of the acceptor is reached; the text names the option.</summary>
    Busy = 9,
}
