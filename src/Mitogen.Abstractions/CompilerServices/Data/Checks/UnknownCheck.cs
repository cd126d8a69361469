using MemoryPack;

namespace Mitogen.CompilerServices;

internal sealed class UnknownCheck<T>(Func<IMemoryPackFormatter<T>> formatter) : WireCheck
{
    internal override void Walk(ref WireCursor cursor)
    {
        using MemoryPackReaderOptionalState state = MemoryPackReaderOptionalStatePool.Rent(null);
        MemoryPackReader reader = new(cursor.Rest, state);
        T? value = default;
        formatter().Deserialize(ref reader, ref value);
        cursor.Take((int)reader.Consumed);
    }
}
