namespace Mitogen.Connections;

/// <summary>A start that cannot go on, for a reason that is known. Whoever starts a context gets a <see cref="BootstrapException"/> with it.</summary>
#pragma warning disable CA1032 // without a reason it is none
public sealed class StartRefusedException : Exception
#pragma warning restore CA1032
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">The reason.</param>
    /// <param name="innerException">The cause, if it was an exception.</param>
    public StartRefusedException(LaunchProblem problem, Exception? innerException = null)
        : base(problem?.Message, innerException)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Problem = problem;
    }

    /// <summary>The reason.</summary>
    public LaunchProblem Problem { get; }
}
