using Mitogen.Lifetime;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Says why a context in a subprocess did not come up.</summary>
internal static class LocalFailure
{
    // The exit status of dotnet when it finds no compatible runtime (hostfxr's FrameworkMissingFailure, 0x80008096).
    private const int FrameworkMissing = 150;

    /// <param name="node">Who started it.</param>
    /// <param name="connection">How.</param>
    /// <param name="handle">What it was to be.</param>
    /// <param name="child">Its process, which has been ended.</param>
    /// <param name="error">What the wait for it ended with.</param>
    public static BootstrapException Describe(
        ContextNode node, LocalConnection connection, ContextHandle handle, LocalChild child, Exception error)
    {
        (BootstrapReason reason, string detail) = error switch
        {
            OperationCanceledException when child.Hello.IsCompletedSuccessfully => (
                BootstrapReason.TimedOut,
                $"It said hello, but the program's assemblies were not loaded within {connection.ConnectTimeout}: " +
                "does a module initializer hang?"),
            OperationCanceledException when !child.HasNoise => (
                BootstrapReason.TimedOut, $"No hello came within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time."),
            OperationCanceledException => (
                BootstrapReason.NotAContext, $"What came back within {connection.ConnectTimeout} is not a context's hello."),
            ProtocolViolationException => (BootstrapReason.NotAContext, $"What came back is not a context's hello. {error.Message}"),
            _ when child.HasNoise => (
                BootstrapReason.NotAContext, $"What came back is not a context's hello. The process {ExitOf(child)}."),
            _ when ExitOf(child).Code == FrameworkMissing => (
                BootstrapReason.NoRuntime, "dotnet found no compatible runtime: install .NET 10 or later."),
            _ => (BootstrapReason.ExitedEarly, $"The process {ExitOf(child)} before it said hello."),
        };
        return new BootstrapException(reason, handle.Name, node.Path, detail, child.LastLines, error);
    }

    private static ChildExit ExitOf(LocalChild child) =>
        child.Process.Exited.IsCompletedSuccessfully ? child.Process.Exited.Result : default;
}
