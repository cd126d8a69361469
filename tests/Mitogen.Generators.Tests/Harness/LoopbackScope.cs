using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>
/// The references of one message. What is read of it is a proxy that goes through bytes again, but for streams of bytes, which
/// no generated code serves.
/// </summary>
internal sealed class LoopbackScope : ReferenceScope
{
    private readonly List<(object Value, RemoteContract Contract)> _table = [];

    public int Count => _table.Count;

    public override RemoteContract<Stream> Streams { get; } = new StreamContract();

    public override uint Write<T>(T value, RemoteContract<T> contract)
    {
        _table.Add((value, contract));
        return (uint)_table.Count;
    }

    public override T Read<T>(uint place, RemoteContract<T> contract)
    {
        (object value, RemoteContract written) = _table[(int)place - 1];
        Assert.Equal(written.Id, contract.Id);
        return contract is RemoteContract<Stream> ? (T)value : contract.CreateProxy(new LoopbackTarget(contract, value));
    }

    private sealed class StreamContract() : RemoteContract<Stream>(1, "Stream", [])
    {
        public override Stream CreateProxy(CallTarget target) => throw new NotSupportedException();

        public override void Dispatch(object target, int methodIndex, IncomingCall call) => throw new NotSupportedException();
    }
}
