namespace Mitogen.NativeProgram;

[RemoteService]
internal sealed class Echoes : IEchoes
{
    public Task<Order> OrderAsync(Order value) => Task.FromResult(value);

    public Task<Dictionary<string, Order>> MapAsync(Dictionary<string, Order> value) => Task.FromResult(value);

    public Task<List<(int, string?)>> TuplesAsync(List<(int, string?)> value) => Task.FromResult(value);

    public Task<Change[]> ChangesAsync(Change[] value) => Task.FromResult(value);

    public Task<Spot> PointAsync(Spot value) => Task.FromResult(value);

    public Task<PackedNode?> PackedAsync(PackedNode? value) => Task.FromResult(value);

    public Task<Tree> TreeAsync(Tree value) => Task.FromResult(value);

    public Task<int?> NullableAsync(int? value) => Task.FromResult(value);

    public Task<byte[]> BytesAsync(ReadOnlyMemory<byte> value) => Task.FromResult(value.ToArray());

    public Task<HashSet<Colour>> ColoursAsync(HashSet<Colour> value) => Task.FromResult(value);

    public Task<int[,]> GridAsync(int[,] value) => Task.FromResult(value);

    public Task<(decimal, DateTimeOffset, Guid, TimeSpan, Uri, Version)> ValuesAsync(
        decimal a, DateTimeOffset b, Guid c, TimeSpan d, Uri e, Version f) => Task.FromResult((a, b, c, d, e, f));
}
