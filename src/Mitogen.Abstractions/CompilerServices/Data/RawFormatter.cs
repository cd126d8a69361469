using System.ComponentModel;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Formats a type without references as its memory, by its layout. For generated code and the runtime only.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <param name="layout">Its layout.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RawFormatter<T>(RawLayout layout) : MemoryPackFormatter<T>
{
    /// <summary>The layout of <typeparamref name="T"/>.</summary>
    public RawLayout Layout { get; } = layout;

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value) =>
        WireData.WriteRaw(ref writer, Layout, value);

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value) => value = WireData.ReadRaw<T>(ref reader, Layout);
}
