using System.ComponentModel;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>
/// Writes an object as a reference: its place in the message's table (u32, from 1; 0: null). For generated code and the runtime only.
/// </summary>
/// <typeparam name="T">The contract.</typeparam>
/// <param name="contract">The contract that the object is called by.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ReferenceFormatter<T>(RemoteContract<T> contract) : MemoryPackFormatter<T>
    where T : class
{
    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value) =>
        writer.WriteUnmanaged(value is null ? 0 : ReferenceScope.Current.Write(value, contract));

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value)
    {
        uint place = reader.ReadUnmanaged<uint>();
        value = place == 0 ? null : ReferenceScope.Current.Read(place, contract);
    }
}
