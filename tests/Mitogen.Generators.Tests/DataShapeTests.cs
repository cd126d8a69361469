using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>What a contract can send, through a proxy and a dispatcher: the formatters as accepted, and run over real bytes.</summary>
public sealed class DataShapeTests
{
    [Fact]
    public async Task Plain_types_and_closed_hierarchies()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App;

            public sealed record Page<T>(int Number, IReadOnlyList<T> Items);

            public class Named
            {
                public required string Name { get; init; }
                public bool IsLong => Name.Length > 10;
            }

            public sealed class Folder : Named
            {
                public List<Folder> Folders { get; init; } = [];
                public Folder? Link { get; set; }
            }

            public abstract record Change
            {
                private Change() { }
                public sealed record Added(string Path, long Size) : Change;
                public sealed record Moved(string From, string To) : Change;
                public sealed record Batch(List<Change> Changes) : Change;
            }

            [Remote]
            public interface IStore
            {
                Task<Page<Folder>> ListAsync(int number);
                Task<Page<Change>> ApplyAsync(Change change, Named by);
            }

            [RemoteService]
            public sealed class Store : IStore
            {
                public Task<Page<Folder>> ListAsync(int number) => Task.FromResult(new Page<Folder>(number, [new() { Name = "a", Folders = [new() { Name = "b" }] }]));
                public Task<Page<Change>> ApplyAsync(Change change, Named by) => Task.FromResult(new Page<Change>(1, [change, new Change.Moved(by.Name, "end")]));
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var store = context.Get<IStore>();
                    Page<Folder> page = await store.ListAsync(3);
                    Page<Change> done = await store.ApplyAsync(new Change.Batch([new Change.Added("x", 5)]), new Named { Name = "me" });
                    return $"{page.Number} {page.Items[0].Folders[0].Name} {((Change.Batch)done.Items[0]).Changes[0]} {done.Items[1]}";
                }
            }
            """).AssertClean();

        Snapshot.Verify(sample, "Formatters.g.cs");
        Assert.Equal("3 b Added { Path = x, Size = 5 } Moved { From = me, To = end }", await sample.RunAsync());
    }

    [Fact]
    public async Task Packable_types()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            using MemoryPack;

            namespace App;

            [MemoryPackable, MemoryPackUnion(0, typeof(Card)), MemoryPackUnion(1, typeof(Cash))]
            public partial interface IPayment;

            [MemoryPackable]
            public sealed partial record Card([property: Utf16StringFormatter] string Number, DateOnly Expires) : IPayment;

            [MemoryPackable]
            public sealed partial record Cash(decimal Amount) : IPayment;

            [MemoryPackable(GenerateType.VersionTolerant)]
            public sealed partial class Order
            {
                [MemoryPackOrder(0)] public int Id { get; set; }
                [MemoryPackOrder(2)] public IPayment[]? Payments { get; set; }
                [MemoryPackOrder(3), MemoryPackInclude] private bool _isOpen;

                public bool IsOpen() => _isOpen;
                public void Open() => _isOpen = true;
            }

            [MemoryPackable(GenerateType.CircularReference)]
            public sealed partial class Employee
            {
                [MemoryPackOrder(0)] public string? Name { get; set; }
                [MemoryPackOrder(1)] public Employee? Manager { get; set; }
                [MemoryPackOrder(2)] public List<Employee>? Reports { get; set; }
            }

            [MemoryPackable]
            public sealed partial class Envelope<T>
            {
                public required T Content { get; init; }
                [MemoryPackIgnore] public object? Tag { get; set; }
            }

            [Remote]
            public interface IShop
            {
                Task<Envelope<Order>> PlaceAsync(Order order, IPayment payment);
                Task<Employee> FindAsync(string name);
            }

            [RemoteService]
            public sealed class Shop : IShop
            {
                public Task<Envelope<Order>> PlaceAsync(Order order, IPayment payment)
                {
                    order.Payments = [.. order.Payments ?? [], payment];
                    return Task.FromResult(new Envelope<Order> { Content = order });
                }

                public Task<Employee> FindAsync(string name)
                {
                    Employee boss = new() { Name = "boss", Reports = [] };
                    boss.Reports.Add(new Employee { Name = name, Manager = boss });
                    return Task.FromResult(boss);
                }
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var shop = context.Get<IShop>();
                    Order order = new() { Id = 7, Payments = [new Cash(1.5m)] };
                    order.Open();
                    Order placed = (await shop.PlaceAsync(order, new Card("4111", new DateOnly(2030, 1, 31)))).Content;
                    Employee boss = await shop.FindAsync("me");
                    return $"{placed.Id} {placed.IsOpen()} {string.Join(", ", placed.Payments!.Select(p => p.GetType().Name))} "
                        + ReferenceEquals(boss, boss.Reports![0].Manager);
                }
            }
            """).WithPackables().AssertClean();

        Snapshot.Verify(sample, "Formatters.g.cs");
        Assert.Equal("7 True Cash, Card True", await sample.RunAsync());
    }
}
