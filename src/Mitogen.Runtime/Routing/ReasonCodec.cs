using System.Buffers.Binary;
using Mitogen.Framing;

namespace Mitogen.Routing;

/// <summary>
/// Writes and reads the payload of a ContextGone frame: u32 id, u8 kind, u8 has exit code, i32 exit code, then the message and
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

    /// <exception cref="ProtocolViolationException">The payload is malformed.</exception>
    public static (uint Id, DisconnectReason Reason) Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 12 || payload[4] > (byte)DisconnectKind.ParentSilent)
        {
            throw new ProtocolViolationException("A ContextGone frame is malformed.");
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        DisconnectKind kind = (DisconnectKind)payload[4];
        int? exitCode = payload[5] != 0 ? BinaryPrimitives.ReadInt32LittleEndian(payload[6..]) : null;
        payload = payload[10..];
        string message = VisibleText.Indented(ReadText(ref payload));
        List<string> lines = [];
        while (payload.Length > 0 && lines.Count < MaxLines)
        {
            lines.Add(VisibleText.Line(ReadText(ref payload)));
        }

        return (id, new DisconnectReason(kind, message, exitCode, lines));
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = WireText.Write(text, MaxText);
        writer.Write((ushort)bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadText(ref ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || BinaryPrimitives.ReadUInt16LittleEndian(payload) is var length && payload.Length < 2 + length)
        {
            throw new ProtocolViolationException("A ContextGone frame is cut short.");
        }

        string text = WireText.Read(payload.Slice(2, length), MaxText);
        payload = payload[(2 + length)..];
        return text;
    }
}
