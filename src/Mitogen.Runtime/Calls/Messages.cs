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

    /// <summary>Holds a message to the bound that its buffer, which grows in steps, keeps only about.</summary>
    public static void CheckSize(int size, KernelOptions options)
    {
        if (size > options.MaxMessageSize)
        {
            throw new InvalidOperationException(
                $"A message of {size} bytes is not sent: the option {nameof(options.MaxMessageSize)} allows {options.MaxMessageSize}.");
        }
    }
}
