using MemoryPack;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>What is written is read, and what would not be is refused where it is written.</summary>
public sealed class AgreementTests
{
    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile("""
        using MemoryPack;

        public static class Cases
        {
            public static Node? Node;
            public static Link Link;
            public static Chain? Chain;
            public static Packed? Packed;
            public static Ring? Ring;
            public static Bag? Bag;
            public static string? Text;
            public static List<string> Texts = [];
            public static Uri? Uri;
            public static Secret? Secret;
            public static Label? Label;

            public static object Make(string kind, int count) => kind switch
            {
                "Node" => Enumerable.Range(0, count).Aggregate((Node?)null, (next, _) => new Node { Next = next })!,
                "Link" => Enumerable.Range(1, count - 1).Aggregate(new Link("", []), (next, _) => new Link("", [next])),
                "Chain" => Enumerable.Range(0, count).Aggregate((Chain?)null, (next, _) => new Chain.More(next))!,
                "Packed" => Enumerable.Range(0, count).Aggregate((Packed?)null, (next, _) => new Packed { Next = next })!,
                "Ring" => Enumerable.Range(0, count).Aggregate((Ring?)null, (next, _) => new Ring { Next = next })!,
                _ => Enumerable.Range(1, count - 1).Aggregate(new Bag(), (next, _) => new Bag { next }),
            };
        }

        public class Node { public Node? Next { get; set; } }
        public readonly record struct Link(string Name, List<Link> Next);
        public abstract record Chain { private Chain() { } public sealed record More(Chain? Next) : Chain; public sealed record Other : Chain; }
        [MemoryPackable] public partial class Packed { public Packed? Next { get; set; } }
        [MemoryPackable(GenerateType.CircularReference)] public partial class Ring { [MemoryPackOrder(0)] public Ring? Next { get; set; } }
        [MemoryPackable(GenerateType.Collection)] public partial class Bag : List<Bag>;
        [MemoryPackable] public partial class Label { public string? Text { get; set; } }
        """).Register());

    [Theory]
    [InlineData("Node")]
    [InlineData("Link")]
    [InlineData("Chain")]
    [InlineData("Packed")]
    [InlineData("Ring")]
    [InlineData("Bag")]
    public void Sixty_four_levels_are_read_and_one_more_is_refused_where_it_is_written(string kind)
    {
        byte[] bytes = s_sample.Value.Write(kind, Make(kind, 64));
        Assert.Equal(bytes, s_sample.Value.Write(kind, s_sample.Value.Read(kind, bytes)));
        Assert.Contains(
            "64 deep",
            Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Write(kind, Make(kind, 65))).Message,
            StringComparison.Ordinal);

        // The count of levels is back at none.
        Assert.Equal(bytes, s_sample.Value.Write(kind, Make(kind, 64)));
    }

    [Theory]
    [InlineData("cut [", 4)]
    [InlineData("] cut", 0)]
    [InlineData("[][ ]", 2)]
    public void Half_a_surrogate_pair_is_refused_with_its_place(string halves, int at)
    {
        // An attribute cannot hold halves.
        string text = halves.Replace('[', '\ud83d').Replace(']', '\ude00');
        Assert.Contains($"at its character {at} ", Refusal("Text", text), StringComparison.Ordinal);
        Assert.Contains($"at its character {at} ", Refusal("Texts", new List<string> { "whole", text }), StringComparison.Ordinal);
        Assert.Contains($"at its character {at} ", Refusal("Secret", (Secret)text), StringComparison.Ordinal);

        object label = Activator.CreateInstance(s_sample.Value.TypeOf("Label"))!;
        label.GetType().GetProperty("Text")!.SetValue(label, text);
        Assert.Contains("half a surrogate pair", Refusal("Label", label), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\ud83d\ude00")]
    [InlineData("a\ud83d\ude00b\ufffd\0")]
    public void A_whole_text_is_not(string text) => Assert.Equal(text, s_sample.Value.Read("Text", s_sample.Value.Write("Text", text)));

    [Fact]
    public async Task Members_of_one_name_in_two_cases_are_told_apart()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            [Remote] public interface IEcho { Task<P> AAsync(P p); Task<Q> BAsync(Q q); Task<T> CAsync(T t); }
            public record P(int x, int X);
            public record Q(int x) { public int X { get; set; } }
            public class A { public virtual int X { get; set; } }
            public class T : A { public override int X { get => base.X; } }
            [RemoteService] public sealed class Echo : IEcho
            {
                public Task<P> AAsync(P p) => Task.FromResult(p);
                public Task<Q> BAsync(Q q) => Task.FromResult(q);
                public Task<T> CAsync(T t) => Task.FromResult(t);
            }
            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IEcho echo = context.Get<IEcho>();
                    return $"{await echo.AAsync(new P(1, 2))} {await echo.BAsync(new Q(3) { X = 4 })} {(await echo.CAsync(new T { X = 7 })).X}";
                }
            }
            """).AssertClean();
        Assert.Equal("P { x = 1, X = 2 } Q { x = 3, X = 4 } 7", await sample.RunAsync());
    }

    private static object Make(string kind, int count) =>
        s_sample.Value.TypeOf("Node").Assembly.GetType("Cases")!.GetMethod("Make")!.Invoke(null, [kind, count])!;

    private static string Refusal(string name, object value) =>
        Assert.Throws<MemoryPackSerializationException>(() => s_sample.Value.Write(name, value)).Message;
}
