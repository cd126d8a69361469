using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>Another context holds as much here as a bound allows. The message names the option.</summary>
internal sealed class BoundReachedException(string message) : InvalidOperationException(message)
{
    /// <summary>Bytes that are kept for contexts below.</summary>
    public static BoundReachedException Memory(string what, KernelOptions options) => new(MemoryText(what, options));

    public static string MemoryText(string what, KernelOptions options) =>
        $"There is no room for {what}: contexts below this one hold as much memory here as the option {nameof(options.MaxLinkMemory)} " +
        $"({options.MaxLinkMemory}) allows their link or branch.";
}
