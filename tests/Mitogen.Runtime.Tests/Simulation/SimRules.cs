using Mitogen.Framing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// What a context that keeps the rules puts on a link, written from section 9 of the protocol and from the true tree: whatever a hostile
/// one behind it sends, it passes on no frame in the name of one that is not there, and none to one who is not above or below.
/// </summary>
internal static class SimRules
{
    /// <returns>What is wrong with the frame; <see langword="null"/> if nothing is.</returns>
    public static string? Forbid(SimTree tree, uint from, uint to, in FrameHeader header)
    {
        if (header.Destination == 0)
        {
            return header.Source == from ? null : $"context {from} sent its neighbour a frame in the name of {header.Source}";
        }

        bool isUp = tree.IsAbove(to, from);
        bool isFromThere = isUp
            ? header.Source == from || tree.IsAbove(from, header.Source)
            : header.Source == from || tree.IsAbove(header.Source, from);
        bool isForThere = isUp
            ? header.Destination == to || tree.IsAbove(header.Destination, to)
            : header.Destination == to || tree.IsAbove(to, header.Destination);
        return isFromThere && isForThere
            ? null
            : $"context {from} passed a frame on to {to}: {header.Kind} in the name of {header.Source} for {header.Destination}";
    }
}
