using System.Reflection;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>Checks that a kernel does not make: each gives it a frame of a hostile context such that the check finds nothing.</summary>
internal static class Doors
{
    private static readonly FieldInfo s_window = typeof(MuxStream).GetField("_window", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>A stream's window is as large as what comes.</summary>
    public static (Link Link, FrameHeader Header) IgnoreWindow(SimFault fault, SimWorld world, SimContext at, Link link, FrameHeader header)
    {
        if (header.Kind == FrameKind.Data && header.Destination == at.Kernel.Self && !header.IsFromAcceptor
            && at.Kernel.Accepted.FirstOrDefault(s => s.Peer == header.Source && s.Id == header.Stream) is { } stream && stream.Window < header.Length)
        {
            s_window.SetValue(stream, header.Length);
            fault.Count();
        }

        return (link, header);
    }

    /// <summary>A frame is in the name of whom it says, by whatever link it comes.</summary>
    public static (Link Link, FrameHeader Header) BelieveSource(SimFault fault, SimWorld world, SimContext at, Link link, FrameHeader header)
    {
        if (header.Destination != 0 && at.Kernel.RouteTo(header.Source) is { IsClosed: false } other && other != link)
        {
            fault.Count();
            return (other, header);
        }

        return (link, header);
    }

    /// <summary>An answer belongs to the stream of that number, whoever was called by it.</summary>
    public static (Link Link, FrameHeader Header) BelieveAnswer(SimFault fault, SimWorld world, SimContext at, Link link, FrameHeader header)
    {
        if (header.Destination == at.Kernel.Self && header.IsFromAcceptor
            && world.Calls.FirstOrDefault(c => c.Caller == at && c.Stream?.Id == header.Stream) is { } call && call.Callee != header.Source
            && at.Kernel.RouteTo(call.Callee) is { IsClosed: false } other)
        {
            fault.Count();
            return (other, new FrameHeader(header.Length, header.Kind, header.Flags, header.Destination, call.Callee, header.Stream));
        }

        return (link, header);
    }
}
