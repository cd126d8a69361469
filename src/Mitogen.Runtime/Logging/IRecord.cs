namespace Mitogen.Logging;

/// <summary>A log record or a span on its way to the root.</summary>
internal interface IRecord
{
    /// <summary>About how many bytes it takes in memory.</summary>
    long Size { get; }

    /// <summary>No fewer bytes than it takes as it is sent.</summary>
    long EncodedSize { get; }

    /// <summary>Whether everything is there that the annotations promise, and possible; a child may send anything.</summary>
    bool IsComplete { get; }
}
