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
    /// <summary>No encoded exception has more bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    // Characters: of one text, and of all texts of one exception and those inside it.
    private const int MaxText = 32 * 1024;
    private const int MaxTexts = 128 * 1024;
    private const int MaxInner = 8;

    // Of one exception and all those inside it: an aggregate may hold many, which hold many.
    private const int MaxExceptions = 64;
    private const int MaxLines = 100;

    // Characters that the note about a cut has at most.
    private const int CutNote = 64;

    private enum Kind : byte
    {
        Ordinary = 0,
        Bootstrap = 1,
        ContextLost = 2,
    }

    public static void Write(CallBuffer buffer, Exception error, string contextPath)
    {
#pragma warning disable CA1031 // the exception is the user's: what its properties throw must not end the context
        try
        {
            WriteWhole(buffer, error, contextPath);
        }
        catch (Exception e)
        {
            RemoteCallException instead = new(
                $"The call failed, and what it failed with cannot be told: it threw {e.GetType()} when it was asked.",
                error.GetType().FullName ?? "", contextPath: contextPath);
            WriteWhole(buffer, instead, contextPath);
        }
#pragma warning restore CA1031
    }

    public static Exception Read(ReadOnlySpan<byte> source)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(source.ToArray()), Encoding.UTF8);
            int left = MaxExceptions;
            return Read(reader, depth: 0, ref left);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or ProtocolViolationException)
        {
            return new RemoteCallException($"The call failed, and what it failed with cannot be read: {e.Message}", innerException: e);
        }
    }

    private static Exception Read(BinaryReader reader, int depth, ref int left)
    {
        if (depth > MaxInner || --left < 0)
        {
            throw new ProtocolViolationException("An exception holds too many others.");
        }

        Exception error = (Kind)reader.ReadByte() switch
        {
            Kind.Bootstrap => ReadBootstrap(reader),
            Kind.ContextLost => new ContextLostException(reader.ReadString(), ReasonCodec.Read(ReadBytes(reader)).Reason),
            Kind.Ordinary => ReadOrdinary(reader, depth, ref left),
            _ => throw new ProtocolViolationException("An exception of an unknown kind."),
        };
        ErrorData.Read(reader, error);
        if (error.InnerException is RemoteCallException inside && inside.StandIn == error)
        {
            ErrorData.Copy(error, inside);
        }

        return error;
    }

    private static BootstrapException ReadBootstrap(BinaryReader reader)
    {
        int reason = reader.ReadInt32();
        return new BootstrapException(
            Enum.IsDefined((BootstrapReason)reason) ? (BootstrapReason)reason : BootstrapReason.ExitedEarly,
            reader.ReadString(), reader.ReadString(), reader.ReadString(), ReadLines(reader));
    }

    private static Exception ReadOrdinary(BinaryReader reader, int depth, ref int left)
    {
        string type = reader.ReadString();
        string message = reader.ReadString();
        string stack = reader.ReadString();
        string path = reader.ReadString();
        string detail = reader.ReadString();
        Exception[] inner = ReadInner(reader, depth, ref left);
        return KnownExceptions.Create(
            new RemoteCallException(message, type, stack.Length > 0 ? stack : null, path, inner.FirstOrDefault()) { Inner = inner }, detail);
    }

    private static Exception[] ReadInner(BinaryReader reader, int depth, ref int left)
    {
        Exception[] inner = new Exception[reader.ReadByte()];
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = Read(reader, depth + 1, ref left);
        }

        return inner;
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
        for (int count = Math.Min(reader.ReadInt32(), MaxLines); lines.Count < count;)
        {
            lines.Add(reader.ReadString());
        }

        return lines;
    }

    private static void WriteWhole(CallBuffer buffer, Exception error, string contextPath)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        new ErrorWriter(writer, contextPath).Write(error, depth: 0);
        buffer.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Writes one exception. Its texts are cut where they, or all of them together, are too long.</summary>
    private sealed class ErrorWriter(BinaryWriter writer, string contextPath)
    {
        private int _left = MaxTexts;
        private int _exceptionsLeft = MaxExceptions;
        private int _dataLeft = ErrorData.MaxTexts;

        public void Write(Exception error, int depth)
        {
            _exceptionsLeft--;
            switch (error)
            {
                case BootstrapException bootstrap:
                    writer.Write((byte)Kind.Bootstrap);
                    writer.Write((int)bootstrap.Reason);
                    WriteText(bootstrap.ContextName);
                    WriteText(bootstrap.Hop);
                    WriteText(bootstrap.Detail);
                    string[] lines = [.. bootstrap.LastLines.TakeLast(MaxLines)];
                    writer.Write(lines.Length);
                    Array.ForEach(lines, WriteText);
                    break;
                case ContextLostException lost:
                    writer.Write((byte)Kind.ContextLost);
                    WriteText(lost.ContextName);
                    byte[] reason = ReasonCodec.Write(0, writer.BaseStream.Length < MaxSize / 16 ? lost.Reason : lost.Reason with { LastLines = [] });
                    writer.Write(reason.Length);
                    writer.Write(reason);
                    break;
                default:
                    WriteOrdinary(error, depth);
                    break;
            }

            // What was added on the way here is on the exception that arrived, not on the one inside it.
            ErrorData.Write(writer, error, ref _dataLeft);
        }

        private void WriteOrdinary(Exception error, int depth)
        {
            // What came from another context already: the original stands for it.
            RemoteCallException? origin = PassedOn(error);
            IReadOnlyList<Exception> inner = depth < MaxInner ? InnerOf(origin ?? error) : [];
            byte count = (byte)Math.Min(inner.Count, _exceptionsLeft);
            string? message = origin is null ? KnownExceptions.GetMessage(error) : origin.Message;
            writer.Write((byte)Kind.Ordinary);
            WriteText(origin is null ? error.GetType().FullName : origin.RemoteType);
            WriteText(count == inner.Count ? message : $"{message} (cut: {count} of {inner.Count} exceptions came along)");
            WriteText(origin is null ? error.StackTrace : origin.RemoteStackTrace);
            WriteText(origin is null ? contextPath : origin.ContextPath);
            WriteText(KnownExceptions.GetDetail(error));
            writer.Write(count);

            // Those beside each other have their place before those inside them take it.
            _exceptionsLeft -= count;
            for (int i = 0; i < count; i++)
            {
                _exceptionsLeft++;
                Write(inner[i], depth + 1);
            }
        }

        private static IReadOnlyList<Exception> InnerOf(Exception error) => error switch
        {
            AggregateException aggregate => aggregate.InnerExceptions,
            RemoteCallException { Inner: { } inner } => inner,
            { InnerException: { } inner } => [inner],
            _ => [],
        };

        /// <summary>What an exception stands for that arrived here and leaves as it is; one that a user wrapped it in is new.</summary>
        private static RemoteCallException? PassedOn(Exception error)
        {
            RemoteCallException? origin =
                error as RemoteCallException ?? (error.InnerException is RemoteCallException inner && inner.StandIn == error ? inner : null);
            return origin is { ContextPath.Length: > 0 } ? origin : null;
        }

        private void WriteText(string? text)
        {
            text ??= "";
            int most = Math.Min(MaxText, _left);
            if (text.Length > Math.Max(most, CutNote))
            {
                // With its note it fits again, so that the next hop leaves it as it is.
                text = $"{text.AsSpan(0, Math.Max(0, most - CutNote))}... (cut: it has {text.Length} characters)";
            }

            _left -= Math.Min(text.Length, _left);
            writer.Write(text);
        }
    }
}
