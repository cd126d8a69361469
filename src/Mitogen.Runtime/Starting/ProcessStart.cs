using Mitogen.Connections;
using Mitogen.Interop;
using Mitogen.Processes;

namespace Mitogen.Starting;

/// <summary>Starts the process of a way.</summary>
internal static class ProcessStart
{
    /// <param name="options">The process.</param>
    /// <param name="remedy">The advice when it is not found.</param>
    /// <exception cref="StartRefusedException">It does not start.</exception>
    public static ChildProcess Run(ChildProcessOptions options, string remedy)
    {
        try
        {
            return ChildProcess.Start(options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                new LaunchProblem(
                    e is FileNotFoundException or UnauthorizedAccessException ? BootstrapReason.ToolNotFound : BootstrapReason.ExitedEarly,
                    $"{options.FileName} cannot be started: {e.Message} {DescriptorLimit.Explain(e.HResult) ?? remedy}"),
                e);
        }
    }
}
