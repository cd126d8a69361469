using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Formats a type by the library, which reads bytes only after they were checked. For generated code and the runtime only.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <param name="inner">The library's formatter.</param>
/// <param name="check">Checks the bytes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CheckedFormatter<T>(MemoryPackFormatter<T> inner, PayloadCheck check) : MemoryPackFormatter<T>
{
    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value) =>
        inner.Serialize(ref writer, ref value);

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value)
    {
        reader.GetRemainingSource(out ReadOnlySpan<byte> bytes, out ReadOnlySequence<byte> segments);
        PayloadCursor cursor = new(segments.IsEmpty ? bytes : segments.ToArray());
        long end = cursor.Rest.Length;
        check.Walk(ref cursor);
        end += reader.Consumed - cursor.Rest.Length;

        inner.Deserialize(ref reader, ref value);
        if (reader.Consumed != end)
        {
            Payload.ThrowInvalid(
                $"A '{typeof(T)}' was checked up to byte {end} and read up to byte {reader.Consumed}: its formatter is not as its members say.");
        }
    }
}
