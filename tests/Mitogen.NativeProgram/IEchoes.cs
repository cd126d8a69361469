namespace Mitogen.NativeProgram;

/// <summary>Passes what can be sent, and gives it back.</summary>
[Remote]
public interface IEchoes
{
    Task<Order> OrderAsync(Order value);

    Task<Dictionary<string, Order>> MapAsync(Dictionary<string, Order> value);

    Task<List<(int, string?)>> TuplesAsync(List<(int, string?)> value);

    Task<Change[]> ChangesAsync(Change[] value);

    Task<Spot> PointAsync(Spot value);

    Task<PackedNode?> PackedAsync(PackedNode? value);

    Task<Tree> TreeAsync(Tree value);

    Task<int?> NullableAsync(int? value);

    Task<byte[]> BytesAsync(ReadOnlyMemory<byte> value);

    Task<HashSet<Colour>> ColoursAsync(HashSet<Colour> value);

    Task<int[,]> GridAsync(int[,] value);

    Task<(decimal, DateTimeOffset, Guid, TimeSpan, Uri, Version)> ValuesAsync(
        decimal a, DateTimeOffset b, Guid c, TimeSpan d, Uri e, Version f);
}

public enum Colour
{
    Red,
    Green,
}

public sealed record Order(int Id, string Customer, List<Line> Lines)
{
    public Colour? Colour { get; init; }
}

public sealed record Line(string Article, decimal Price);

public readonly record struct Spot(byte A, long B);

public sealed record Tree(string Name, Tree[] Below);

public abstract record Change
{
    private Change()
    {
    }

    public sealed record Added(string Path, long Size) : Change;

    public sealed record Moved(string From, string To) : Change;
}

[MemoryPack.MemoryPackable]
public sealed partial class PackedNode
{
    public int Number { get; set; }

    public List<PackedNode> More { get; set; } = [];
}
