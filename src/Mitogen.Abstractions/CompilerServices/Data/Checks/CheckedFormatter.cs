using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Formats a type by the library, which reads bytes only after they were checked. For generated code and the runtime only.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <param name="inner">The library's formatter.</param>
/// <param name="check">Checks the bytes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CheckedFormatter<T>(MemoryPackFormatter<T> inner, WireCheck check) : MemoryPackFormatter<T>
{
    // Every thread would find the same.
    private bool? _isRecursive;

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value)
    {
        try
        {
            if (_isRecursive ??= IsRecursive(check))
            {
                SerializeChecked(ref writer, ref value);
            }
            else
            {
                inner.Serialize(ref writer, ref value);
            }
        }
        catch (MemoryPackSerializationException e) when (e.Message.Contains("Utf8", StringComparison.Ordinal))
        {
            throw new MemoryPackSerializationException(
                $"A text in a '{typeof(T)}' has half a surrogate pair, which no encoding has a form for: was a text cut there? Send whole characters, or a char[].", e);
        }
    }

    /// <summary>A value that the reader would refuse as nested too deep is refused here, where its sender can still be told.</summary>
    private void SerializeChecked<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        CallBuffer buffer = new();
        MemoryPackWriter<CallBuffer> own = new(ref buffer, writer.OptionalState);
        inner.Serialize(ref own, ref value);
        own.Flush();

        ReadOnlySpan<byte> bytes = buffer.WrittenSpan;
        WireCursor cursor = new(bytes);
        check.Walk(ref cursor);
        ref byte target = ref writer.GetSpanReference(bytes.Length);
        Unsafe.CopyBlockUnaligned(ref target, ref MemoryMarshal.GetReference(bytes), (uint)bytes.Length);
        writer.Advance(bytes.Length);
    }

    // Whether a check leads to itself: then there is no bound to what a value can hold.
    private static bool IsRecursive(WireCheck start)
    {
        HashSet<WireCheck> open = [];
        HashSet<WireCheck> done = [];

        bool Visit(WireCheck at)
        {
            if (!done.Contains(at))
            {
                if (!open.Add(at) || at.Parts.Any(Visit))
                {
                    return true;
                }

                done.Add(at);
            }

            return false;
        }

        return Visit(start);
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value)
    {
        reader.GetRemainingSource(out ReadOnlySpan<byte> bytes, out ReadOnlySequence<byte> segments);
        WireCursor cursor = new(segments.IsEmpty ? bytes : segments.ToArray());
        long end = cursor.Rest.Length;
        check.Walk(ref cursor);
        end += reader.Consumed - cursor.Rest.Length;

        inner.Deserialize(ref reader, ref value);
        if (reader.Consumed != end)
        {
            WireData.ThrowInvalid(
                $"A '{typeof(T)}' was checked up to byte {end} and read up to byte {reader.Consumed}: its formatter is not as its members say.");
        }
    }
}
