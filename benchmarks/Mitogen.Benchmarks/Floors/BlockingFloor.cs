using Benchmarks.Measuring;

namespace Benchmarks.Floors;

/// <summary>The floor: one thread here and one thread there, which block on the other's bytes.</summary>
internal sealed class BlockingFloor(FloorChild child) : ISubject
{
    private readonly Func<Span<byte>, int> _read = child.Read;
    private readonly byte[] _request = new byte[FloorMessages.Request];
    private readonly byte[] _answer = new byte[FloorMessages.Answer];

    public int ServerProcessId => child.ProcessId;

    public bool TakesLoad => false;

    public ValueTask<int> AddAsync(int left, int right)
    {
        child.Write(_request);
        return FloorMessages.TryReadAll(_read, _answer) ? new ValueTask<int>(left + right) : throw new EndOfStreamException();
    }

    public ValueTask<byte[]> EchoAsync(byte[] data) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => child.DisposeAsync();

    /// <summary>The other side.</summary>
    public static void Serve()
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        Func<Span<byte>, int> read = input.Read;
        byte[] request = new byte[FloorMessages.Request];
        byte[] answer = new byte[FloorMessages.Answer];
        while (FloorMessages.TryReadAll(read, request))
        {
            output.Write(answer);
        }
    }
}
