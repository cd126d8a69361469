using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>
/// Reads one exception and those inside it. Control characters in what it says become visible, and it speaks of no other contexts than those that
/// its sender may speak of.
/// </summary>
internal sealed class ErrorReader(BinaryReader reader, ErrorSender sender)
{
    private int _left = ErrorCodec.MaxExceptions;

    public Exception Read(int depth)
    {
        if (depth > ErrorCodec.MaxInner || --_left < 0)
        {
            throw new ProtocolBrokenException("An exception holds too many others.");
        }

        Exception error = (ErrorCodec.Kind)reader.ReadByte() switch
        {
            ErrorCodec.Kind.Bootstrap => ReadBootstrap(),
            ErrorCodec.Kind.ContextLost => ReadLost(),
            ErrorCodec.Kind.Ordinary => ReadOrdinary(depth),
            _ => throw new ProtocolBrokenException("An exception of an unknown kind."),
        };
        ErrorData.Read(reader, error);
        if (RemoteCallException.Of(error) is { } origin)
        {
            ErrorData.Copy(error, origin);
        }

        return error;
    }

    private Exception ReadBootstrap()
    {
        int reason = reader.ReadInt32();
        BootstrapException error = new(
            Enum.IsDefined((BootstrapReason)reason) ? (BootstrapReason)reason : BootstrapReason.ExitedEarly,
            reader.ReadString(), reader.ReadString(), reader.ReadString(), ReadLines());
        return sender.MaySpeakOf(error.Hop) ? error : Hearsay(error);
    }

    private Exception ReadLost()
    {
        ContextLostException error = new(reader.ReadString(), ReasonCodec.Read(ReadBytes()).Reason);
        return sender.MaySpeakOf(error.ContextName) ? error : Hearsay(error);
    }

    /// <summary>Words of a context about one that is not below it are words, and nothing that has happened.</summary>
    private RemoteCallException Hearsay(Exception error) => new(error.Message, error.GetType().FullName!, contextPath: sender.Path);

    private Exception ReadOrdinary(int depth)
    {
        string[] types = ReadTypes();
        string message = VisibleText.Lines(reader.ReadString());
        string stack = VisibleText.Lines(reader.ReadString());
        string path = VisibleText.Line(reader.ReadString());
        int code = reader.ReadInt32();
        ErrorDetails details = ErrorDetails.Read(reader);
        Exception[] inner = ReadInner(depth);
        RemoteCallException error = new(
            message, types[0], stack.Length > 0 ? stack : null, sender.MaySpeakOf(path) ? path : sender.Path, inner.FirstOrDefault())
        {
            RemoteTypes = types,
            Inner = inner,
            HResult = code,
        };
        return KnownExceptions.Create(error, details);
    }

    private string[] ReadTypes()
    {
        int count = reader.ReadByte();
        if (count is 0 or > ErrorCodec.MaxTypes)
        {
            throw new ProtocolBrokenException($"An exception has {count} types.");
        }

        string[] types = new string[count];
        for (int i = 0; i < count; i++)
        {
            types[i] = VisibleText.Line(reader.ReadString());
        }

        return types;
    }

    private Exception[] ReadInner(int depth)
    {
        Exception[] inner = new Exception[reader.ReadByte()];
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = Read(depth + 1);
        }

        return inner;
    }

    // The library's ReadBytes sets aside what is announced, and a child may announce anything.
    private byte[] ReadBytes()
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position
            ? reader.ReadBytes(count)
            : throw new ProtocolBrokenException($"A reason of {count} bytes is announced, and fewer follow.");
    }

    private List<string> ReadLines()
    {
        List<string> lines = [];
        for (int count = Math.Min(reader.ReadInt32(), ErrorCodec.MaxLines); lines.Count < count;)
        {
            lines.Add(reader.ReadString());
        }

        return lines;
    }
}
