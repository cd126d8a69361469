using System.Buffers.Binary;
using Mitogen.Framing;

namespace Mitogen.Routing;

/// <summary>
/// Writes and reads the body of a ContextGone frame: u32 id, u8 kind, u8 has exit code, i32 exit code, then the message and
/// up to 20 last lines, each as a u16 length and UTF-8 bytes, cut at 2,000 bytes.
/// </summary>
internal static class ReasonCodec
{
    private const int MaxText = 2000;
    private const int MaxLines = 20;

    public static byte[] Write(uint id, DisconnectReason reason)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(id);
        writer.Write((byte)reason.Kind);
        writer.Write(reason.ExitCode.HasValue);
        writer.Write(reason.ExitCode.GetValueOrDefault());
        WriteText(writer, reason.Message);
        foreach (string line in (reason.LastLines ?? []).TakeLast(MaxLines))
        {
            WriteText(writer, line);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="ProtocolBrokenException">The body is malformed.</exception>
    public static (uint Id, DisconnectReason Reason) Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < 12 || body[4] > (byte)DisconnectKind.ParentSilent)
        {
            throw new ProtocolBrokenException("A ContextGone frame is malformed.");
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(body);
        DisconnectKind kind = (DisconnectKind)body[4];
        int? exitCode = body[5] != 0 ? BinaryPrimitives.ReadInt32LittleEndian(body[6..]) : null;
        body = body[10..];
        string message = VisibleText.Indented(ReadText(ref body));
        List<string> lines = [];
        while (body.Length > 0 && lines.Count < MaxLines)
        {
            lines.Add(VisibleText.Line(ReadText(ref body)));
        }

        return (id, new DisconnectReason(kind, message, exitCode, lines));
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = WireText.Write(text, MaxText);
        writer.Write((ushort)bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadText(ref ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || BinaryPrimitives.ReadUInt16LittleEndian(body) is var length && body.Length < 2 + length)
        {
            throw new ProtocolBrokenException("A ContextGone frame is cut short.");
        }

        string text = WireText.Read(body.Slice(2, length), MaxText);
        body = body[(2 + length)..];
        return text;
    }
}
