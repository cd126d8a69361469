using Mitogen.Framing;

namespace Mitogen.Routing;

/// <summary>Where a context is, as seen by the one that a frame came to.</summary>
internal enum Place
{
    /// <summary>Nowhere that this context knows: beside it, gone, or never there.</summary>
    Unknown,

    Self,

    /// <summary>On the way to the root.</summary>
    Above,

    /// <summary>Below this context.</summary>
    Below,
}

/// <summary>The fate of a frame.</summary>
internal enum Passage
{
    /// <summary>It is for this context.</summary>
    Take,

    /// <summary>It goes on to where it is for.</summary>
    Pass,

    /// <summary>It is answered with a Reset: whom it is for has just ended.</summary>
    Refuse,

    /// <summary>Nothing is done: it crossed the end of whom it is for.</summary>
    Ignore,

    /// <summary>Nobody may send it: it is dropped and counted.</summary>
    Drop,
}

/// <summary>
/// Who may reach whom. Traffic is vertical: a stream runs between a context and one above or below it, never sideways. A frame that may not
/// go on ends at the first context that it comes to.
/// <code>
///  came by   in the name of             for                      what becomes of it
///  a child   one behind that link       this context             taken
///                                       one above this context   passed on to the parent
///                                       anyone else              dropped and counted
///            anyone else                anyone                   dropped and counted
///  parent    one above this context     this context             taken
///                                       one below this context   passed on to the child
///                                       anyone else              Open, Data: Reset (Unreachable); others ignored
///            anyone else                anyone                   dropped and counted
///  itself    itself                     itself                   taken
/// </code>
/// Frames with destination 0 are for the neighbour and are no traffic.
/// </summary>
internal static class TrafficRules
{
    /// <param name="by">Which neighbour it came from.</param>
    /// <param name="isFromThere">Whether the context in whose name it came is reached by that link.</param>
    /// <param name="destination">Where the context is that it is for.</param>
    /// <param name="kind">The kind of the frame.</param>
    public static Passage Decide(LinkRole by, bool isFromThere, Place destination, FrameKind kind) => (by, destination) switch
    {
        _ when !isFromThere => Passage.Drop,
        (_, Place.Self) => Passage.Take,
        (LinkRole.Child, Place.Above) => Passage.Pass,
        (LinkRole.Parent, Place.Below) => Passage.Pass,
        (LinkRole.Parent, _) => kind is FrameKind.Open or FrameKind.Data ? Passage.Refuse : Passage.Ignore,
        _ => Passage.Drop,
    };
}
