using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>A result, an item or a report: its bytes, and beside them its references.</summary>
internal sealed record LoopbackMessage(byte[] Bytes, LoopbackScope References)
{
    public static LoopbackMessage Empty { get; } = new([], new LoopbackScope());

    public static LoopbackMessage Write<T>(T value, ResultWriter<T> writer)
    {
        var references = new LoopbackScope();
        var buffer = new CallBuffer();
        var state = MemoryPackWriterOptionalStatePool.Rent(MemoryPackSerializerOptions.Default);
        var packed = new MemoryPackWriter<CallBuffer>(ref buffer, state);
        ReferenceScope? outer = ReferenceScope.Enter(references);
        try
        {
            writer(ref packed, value);
        }
        finally
        {
            ReferenceScope.Enter(outer);
        }

        packed.Flush();
        return new(buffer.WrittenSpan.ToArray(), references);
    }

    public T Read<T>(ResultReader<T> reader)
    {
        var packed = new MemoryPackReader(Bytes, MemoryPackReaderOptionalStatePool.Rent(MemoryPackSerializerOptions.Default));
        ReferenceScope? outer = ReferenceScope.Enter(References);
        try
        {
            T value = reader(ref packed);
            Assert.Equal(0, packed.Remaining);
            return value;
        }
        finally
        {
            ReferenceScope.Enter(outer);
        }
    }
}
