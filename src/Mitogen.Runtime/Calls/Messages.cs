using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>Ends the library's writers and readers over a call's bytes.</summary>
internal static class Messages
{
    public static void End(ref MemoryPackWriter<CallBuffer> writer)
    {
        writer.Flush();
        ((IDisposable)writer.OptionalState).Dispose();
    }

    public static void End(ref MemoryPackReader reader)
    {
        ((IDisposable)reader.OptionalState).Dispose();
        reader.Dispose();
    }

    /// <summary>Reads one value, which is all that the bytes are.</summary>
    /// <exception cref="MemoryPackSerializationException">They are no such value, or more than one.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes, ResultReader<T> reader)
    {
        MemoryPackReader source = new(bytes, MemoryPackReaderOptionalStatePool.Rent(null));
        try
        {
            T value = reader(ref source);
            return source.Remaining == 0
                ? value
                : throw new MemoryPackSerializationException($"It has {source.Remaining} bytes too many: do both sides run the same build?");
        }
        finally
        {
            End(ref source);
        }
    }

    /// <summary>The text about a message that another context announces, and that is not taken.</summary>
    public static string TooLarge(string what, long size, KernelOptions options) =>
        $"{what} would have {size} bytes; the option {nameof(options.MaxMessageSize)} allows {options.MaxMessageSize}.";
}
