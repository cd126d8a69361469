namespace Mitogen;

/// <summary>How many calls a service runs at a time.</summary>
public enum ServiceConcurrency
{
    /// <summary>Any number. Calls of one caller start in order; what they do after that may overlap.</summary>
    Concurrent,

    /// <summary>
    /// One chain of calls at a time: the next call begins when the one before it has ended. A call that comes back to the
    /// service from within its own call is let in. Two exclusive services that call each other crosswise wait for each other
    /// for ever, unless a timeout ends it.
    /// </summary>
    Exclusive,
}
