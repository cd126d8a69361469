using Mitogen.Framing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>Frames as the bytes that a link carries.</summary>
internal static class Frames
{
    /// <summary>A frame for the neighbour alone.</summary>
    public static byte[] Control(FrameKind kind, params ReadOnlySpan<byte> body) => Of(new FrameHeader(body.Length, kind, FrameFlags.None, 0, 0, 0), body);

    /// <param name="header">The header, whose length is that of the body.</param>
    /// <param name="body">The body.</param>
    public static byte[] Of(FrameHeader header, params ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        header.Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    /// <summary>Cuts bytes into the frames that they are.</summary>
    public static List<(FrameHeader Header, byte[] Body)> Read(ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new();
        List<(FrameHeader, byte[])> frames = [];
        while (reader.TryRead(ref bytes, out FrameHeader header, out ReadOnlySpan<byte> body))
        {
            frames.Add((header, body.ToArray()));
        }

        return frames;
    }
}
