using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Formats a nullable struct that holds references. For generated code and the runtime only.</summary>
/// <typeparam name="T">The struct.</typeparam>
/// <param name="inner">Formats the struct.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NullableStructFormatter<T>(MemoryPackFormatter<T> inner) : MemoryPackFormatter<T?>
    where T : struct
{
    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value)
    {
        if (value is not { } present)
        {
            writer.WriteNullObjectHeader();
            return;
        }

        writer.WriteObjectHeader(1);
        inner.Serialize(ref writer, ref present);
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value) =>
        value = SingleMember.TryReadHeader(ref reader) ? WireData.Read(ref reader, inner) : null;
}

/// <summary>Formats a lazy value: writing computes it. For generated code and the runtime only.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="inner">Formats the value.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LazyValueFormatter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
    MemoryPackFormatter<T> inner)
    : MemoryPackFormatter<Lazy<T>>
{
    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Lazy<T>? value)
    {
        if (value is null)
        {
            writer.WriteNullObjectHeader();
            return;
        }

        writer.WriteObjectHeader(1);
        WireData.Write(ref writer, inner, value.Value);
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref Lazy<T>? value) =>
        value = SingleMember.TryReadHeader(ref reader) ? new Lazy<T>(WireData.Read(ref reader, inner)) : null;
}

internal static class SingleMember
{
    public static bool TryReadHeader(ref MemoryPackReader reader)
    {
        if (!reader.TryReadObjectHeader(out byte count))
        {
            return false;
        }

        if (count != 1)
        {
            WireData.ThrowInvalid($"{count} members were sent where one is expected.");
        }

        return true;
    }
}
