namespace Mitogen.Logging;

/// <summary>Where the records of a context go: at the root to its loggers, elsewhere toward the root.</summary>
internal interface ILogOutput
{
    /// <summary>Takes records, and never waits.</summary>
    /// <param name="source">Who answers for them.</param>
    /// <param name="batch">The records.</param>
    /// <returns>Completes when the source may send more: at once, unless much of it waits already.</returns>
    Task Write(in LogSource source, LogBatch batch);
}
