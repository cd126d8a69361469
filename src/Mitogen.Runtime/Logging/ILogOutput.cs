namespace Mitogen.Logging;

/// <summary>Where the records of a context go: at the root to its loggers, elsewhere toward the root.</summary>
internal interface ILogOutput
{
    void Write(LogBatch batch);
}
