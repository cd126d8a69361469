namespace Mitogen.Connections;

/// <summary>Why a context cannot be started, or was not.</summary>
internal sealed record LaunchProblem(BootstrapReason Reason, string Message);
