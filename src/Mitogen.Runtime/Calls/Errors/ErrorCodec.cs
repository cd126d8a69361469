using System.Text;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// Writes and reads exceptions on the wire: a kind byte, then strings as .NET's BinaryWriter writes them (7-bit length, UTF-8).
/// A failure that was passed on is written as what it was at first, so that it reads the same after every hop.
/// </summary>
internal static class ErrorCodec
{
    /// <summary>No encoded exception has more bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>How deep exceptions are inside each other.</summary>
    public const int MaxInner = 8;

    /// <summary>Of one exception and all those inside it: an aggregate may hold many, which hold many.</summary>
    public const int MaxExceptions = 64;

    /// <summary>Of what a process printed.</summary>
    public const int MaxLines = 100;

    /// <summary>Of an exception's own type and those that it is derived from.</summary>
    public const int MaxTypes = 8;

    public enum Kind : byte
    {
        Ordinary = 0,
        Bootstrap = 1,
        ContextLost = 2,
    }

    /// <param name="buffer">Where to.</param>
    /// <param name="error">The exception that a call failed with.</param>
    /// <param name="contextPath">The context that ran it.</param>
    /// <param name="audience">Who made it.</param>
    public static void Write(CallBuffer buffer, Exception error, string contextPath, ErrorAudience audience)
    {
#pragma warning disable CA1031 // the exception is the user's: what its properties throw must not end the context
        try
        {
            WriteWhole(buffer, error, contextPath, audience);
        }
        catch (Exception e)
        {
            RemoteCallException instead = new(
                $"The call failed, and what it failed with cannot be told: it threw {e.GetType()} when it was asked.",
                error.GetType().FullName ?? "", contextPath: contextPath);
            WriteWhole(buffer, instead, contextPath, audience);
        }
#pragma warning restore CA1031
    }

    /// <param name="source">The bytes that came.</param>
    /// <param name="sender">The context that answered with it.</param>
    public static Exception Read(ReadOnlySpan<byte> source, ErrorSender sender)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(source.ToArray()), Encoding.UTF8);
            return new ErrorReader(reader, sender).Read(depth: 0);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or ProtocolBrokenException)
        {
            return new RemoteCallException(
                $"The call failed, and what it failed with cannot be read: {e.Message}", contextPath: sender.Path, innerException: e);
        }
    }

    private static void WriteWhole(CallBuffer buffer, Exception error, string contextPath, ErrorAudience audience)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        new ErrorWriter(writer, contextPath, audience).Write(error, depth: 0);
        buffer.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
