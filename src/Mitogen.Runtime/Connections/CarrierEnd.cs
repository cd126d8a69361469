using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>The end of the process that carried the link to a context that was up.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Lines">The last lines on its standard error, oldest first: its own and the context's.</param>
/// <param name="WasBeforeLink">Whether it ended while the other end of the link was still held by somebody.</param>
internal sealed record CarrierEnd(ChildExit Exit, IReadOnlyList<string> Lines, bool WasBeforeLink)
{
    /// <summary>The reason where it was the context's own process, or one that ends as that did.</summary>
    public DisconnectReason AsItsOwn() => Exit.Code is > 128 and < 160 and var code && new ChildExit(null, code - 128) is var killed
        ? new DisconnectReason(DisconnectKind.Exited, $"Its process {killed}.", code)
        : new DisconnectReason(DisconnectKind.Exited, $"Its process {Exit}.", Exit.Code ?? (Exit.Signal is { } signal ? 128 + signal : null));

    /// <summary>The tool itself was ended here.</summary>
    /// <param name="tool">The program.</param>
    public DisconnectReason AsTool(string tool) => new(
        DisconnectKind.ToolEnded, $"'{tool}', which carried the link to it, {Exit} on this side. The context ends by itself when it notices.");

    /// <summary>The tool lost its own connection.</summary>
    /// <param name="line">Its own words.</param>
    public static DisconnectReason AsLoss(string line) => new(
        DisconnectKind.LinkBroken, $"The connection to it was lost: {line}. The context ends by itself when it notices.");
}
