using Mitogen.Multiplexing;

namespace Mitogen.Processes;

/// <summary>The carrier of the link to a started context: the process of a tool, or a stream that somebody else opened.</summary>
internal interface ICarrier
{
    /// <summary>Our end of the link.</summary>
    ILinkTransport Transport { get; }

    /// <summary>How its process ended; does not complete before it did. Null if there is no process on this side.</summary>
    Task<ChildExit>? Exited { get; }

    /// <summary>Whether somebody still held the other end of the link when the process had ended: then that was not the context's.</summary>
    bool EndedBeforeLink => false;

    /// <summary>Completes when no more lines of standard error come.</summary>
    Task StderrDrained { get; }

    /// <summary>The last lines of standard error, oldest first.</summary>
    IReadOnlyList<string> LastStderrLines { get; }

    /// <summary>Whether threads did not come back from it when it was ended. They are lost, and nobody may wait for them.</summary>
    bool HoldsThreads => false;

    /// <summary>Ends it: in order within <paramref name="grace"/>, then by force. Afterwards nothing of it is left on this side.</summary>
    /// <exception cref="AggregateException">Something of it may be left, for its code is not the runtime's.</exception>
    ValueTask EndAsync(TimeSpan grace);
}
