using System.Text;
using Mitogen.CompilerServices;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>
/// Writes and reads exceptions on the wire: a kind byte, then strings as .NET's BinaryWriter writes them (7-bit length, UTF-8).
/// A failure that was passed on is written as what it was at first, so that it reads the same after every hop.
/// </summary>
internal static class ErrorCodec
{
    private const int MaxText = 32 * 1024;
    private const int MaxInner = 8;

    private enum Kind : byte
    {
        Ordinary = 0,
        Bootstrap = 1,
        ContextLost = 2,
    }

    public static void Write(CallBuffer buffer, Exception error, string contextPath)
    {
        using MemoryStream bytes = new();
        using (BinaryWriter writer = new(bytes, Encoding.UTF8, leaveOpen: true))
        {
            Write(writer, error, contextPath, depth: 0);
        }

        buffer.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public static Exception Read(ReadOnlySpan<byte> source)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(source.ToArray()), Encoding.UTF8);
            return Read(reader, depth: 0);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or ProtocolViolationException)
        {
            return new RemoteCallException($"The call failed, and what it failed with cannot be read: {e.Message}", innerException: e);
        }
    }

    private static void Write(BinaryWriter writer, Exception error, string contextPath, int depth)
    {
        switch (error)
        {
            case BootstrapException bootstrap:
                writer.Write((byte)Kind.Bootstrap);
                writer.Write((int)bootstrap.Reason);
                WriteText(writer, bootstrap.ContextName);
                WriteText(writer, bootstrap.Hop);
                WriteText(writer, bootstrap.Detail);
                writer.Write(bootstrap.LastLines.Count);
                foreach (string line in bootstrap.LastLines)
                {
                    WriteText(writer, line);
                }

                return;
            case ContextLostException lost:
                writer.Write((byte)Kind.ContextLost);
                WriteText(writer, lost.ContextName);
                byte[] reason = ReasonCodec.Write(0, lost.Reason);
                writer.Write(reason.Length);
                writer.Write(reason);
                return;
            default:
                WriteOrdinary(writer, error, contextPath, depth);
                return;
        }
    }

    private static void WriteOrdinary(BinaryWriter writer, Exception error, string contextPath, int depth)
    {
        // What came from another context already: the original stands for it.
        RemoteCallException? origin = error as RemoteCallException ?? error.InnerException as RemoteCallException;
        bool isPassedOn = origin is not null && origin.RemoteType.Length > 0;
        writer.Write((byte)Kind.Ordinary);
        WriteText(writer, isPassedOn ? origin!.RemoteType : error.GetType().FullName ?? error.GetType().Name);
        WriteText(writer, isPassedOn ? origin!.Message : error.Message);
        WriteText(writer, (isPassedOn ? origin!.RemoteStackTrace : error.StackTrace) ?? "");
        WriteText(writer, isPassedOn ? origin!.ContextPath : contextPath);
        WriteText(writer, KnownExceptions.GetDetail(error) ?? "");
        Exception? inner = isPassedOn ? origin!.InnerException : error.InnerException;
        writer.Write(inner is not null && depth < MaxInner);
        if (inner is not null && depth < MaxInner)
        {
            Write(writer, inner, contextPath, depth + 1);
        }
    }

    private static Exception Read(BinaryReader reader, int depth)
    {
        if (depth > MaxInner)
        {
            throw new ProtocolViolationException("An exception nests too deeply.");
        }

        switch ((Kind)reader.ReadByte())
        {
            case Kind.Bootstrap:
                int reason = reader.ReadInt32();
                return new BootstrapException(
                    Enum.IsDefined((BootstrapReason)reason) ? (BootstrapReason)reason : BootstrapReason.ExitedEarly,
                    reader.ReadString(), reader.ReadString(), reader.ReadString(), ReadLines(reader));
            case Kind.ContextLost:
                string name = reader.ReadString();
                return new ContextLostException(name, ReasonCodec.Read(ReadBytes(reader)).Reason);
            case Kind.Ordinary:
                string type = reader.ReadString();
                string message = reader.ReadString();
                string stack = reader.ReadString();
                string path = reader.ReadString();
                string detail = reader.ReadString();
                Exception? inner = reader.ReadBoolean() ? Read(reader, depth + 1) : null;
                return KnownExceptions.Create(new RemoteCallException(message, type, stack.Length > 0 ? stack : null, path, inner), detail);
            default:
                throw new ProtocolViolationException("An exception of an unknown kind.");
        }
    }

    // The library's ReadBytes sets aside what is announced, and a child may announce anything.
    private static byte[] ReadBytes(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position
            ? reader.ReadBytes(count)
            : throw new ProtocolViolationException($"A reason of {count} bytes is announced, and fewer follow.");
    }

    private static List<string> ReadLines(BinaryReader reader)
    {
        List<string> lines = [];
        for (int count = Math.Min(reader.ReadInt32(), 100); lines.Count < count;)
        {
            lines.Add(reader.ReadString());
        }

        return lines;
    }

    private static void WriteText(BinaryWriter writer, string text) =>
        writer.Write(text.Length <= MaxText ? text : $"{text.AsSpan(0, MaxText)}... (cut: it has {text.Length} characters)");
}
