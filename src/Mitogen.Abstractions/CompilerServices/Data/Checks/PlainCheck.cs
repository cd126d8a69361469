using MemoryPack;

namespace Mitogen.CompilerServices;

internal sealed class PlainCheck<T>(Func<MemoryPackFormatter<T>> formatter, WireCheck check) : WireCheck
{
    internal override IEnumerable<WireCheck> Parts => [check];

    private readonly UnknownCheck<T> _other = new(WireFormatters.Provided<T>);

    // One that another assembly has generated is not known either; it checks what it reads.
    internal override void Walk(ref WireCursor cursor)
    {
        if (ReferenceEquals(default(MemoryPackReader).GetFormatter<T>(), formatter()))
        {
            check.Walk(ref cursor);
        }
        else
        {
            _other.Walk(ref cursor);
        }
    }
}
