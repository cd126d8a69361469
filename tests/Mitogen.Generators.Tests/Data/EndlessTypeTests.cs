using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>
/// A type that leads to itself without end is refused, and the compiler lives to say what it has to say of it. All runs on a small stack:
/// without a bound, each of these takes the test host with it.
/// </summary>
public sealed class EndlessTypeTests
{
    [Theory]
    [InlineData("struct T { public T? Next; }")]
    [InlineData("struct T { public T Next; }")]
    [InlineData("struct T { public U U; } struct U { public T T; }")]
    [InlineData("struct T { public (T, int) Pair; }")]
    [InlineData("struct T { public KeyValuePair<int, T> Pair; }")]
    [InlineData("struct T { public (int, (T?, int))? Deep; }")]
    [InlineData("struct T { private T? _next; public int A; public T? Next { get => _next; set => _next = value; } }")]
    [InlineData("struct T { public T? Next { get; set; } }")]
    [InlineData("readonly record struct T(int A, T? Next);")]
    [InlineData("struct T { public Box<T> Box; } struct Box<V> { public V Value; }")]
    [InlineData("struct T { public Box<int> Box; } struct Box<V> { public Box<Box<V>>? Next; }")]
    [InlineData("struct T { public Box<int> Box; } struct Box<V> where V : struct { public Box<(V, V)>? Next; }")]
    [InlineData("struct T { public string Name; public T? Next; }")]
    [InlineData("class T { public U[]? All { get; set; } } struct U { public U? Next; }")]
    [InlineData("[MemoryPack.MemoryPackable(MemoryPack.GenerateType.NoGenerate)] partial struct T { public T? Next; }")]
    [InlineData("class T : T { public int A { get; set; } }")]
    [InlineData("class T : U { } class U : T { }")]
    public void The_compilers_own_error_is_shown(string types)
    {
        GeneratedSample sample = Generate(types);
        Assert.Null(sample.Result.Exception);
        Assert.Contains(sample.Output.GetDiagnostics(), d => d.Id is "CS0523" or "CS0146");
        Assert.DoesNotContain(sample.Diagnostics, d => d.Id == "MITO062");
    }

    [Theory]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public N<List<V>>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public N<V[]>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public N<V[,]>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public N<(V, V)>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public N<(V, V, V, V, V, V, V, V, V)>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> where V : struct { public N<KeyValuePair<V, V>>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public List<Dictionary<int, N<N<V>>>>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } record N<V>(N<Lazy<V>>? Next);")]
    [InlineData("class T { public N<int, string>? N { get; set; } } class N<V, W> { public N<W, Tuple<V, W>>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public M<V>? M { get; set; } } class M<V> { public N<HashSet<V>>? N { get; set; } }")]
    [InlineData("class T { public N<int> N { get; set; } } struct N<V> { public N<List<V>>[] Next { get; set; } public string? A { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> { public N<IAsyncEnumerable<V>>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } abstract class N<V> { private N() { } public sealed class A : N<V> { public N<List<V>>? Next { get; set; } } }")]
    [InlineData("class T { public N<int>? N { get; set; } } abstract class N<V> { internal N() { } } class A<V> : N<V> { public N<V?[]>? Next { get; set; } } class B<V> : N<V>;")]
    [InlineData("class T { public N<int>? N { get; set; } } class N<V> : M<N<N<V>>> { } class M<V> { public V? Value { get; set; } }")]
    [InlineData("class T { public N<int>.I? N { get; set; } } class N<V> { public class I { public N<List<V>>.I? Next { get; set; } } }")]
    [InlineData("class T { public N<int>.I<int>? N { get; set; } } class N<V> { public class I<W> { public N<I<W>>.I<V>? Next { get; set; } } }")]
    [InlineData("class T { public N<int>? N { get; set; } } [MemoryPack.MemoryPackable] partial class N<V> { public N<List<V>>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } [MemoryPack.MemoryPackable] partial class N<V> { public M<V>[]? Next { get; set; } } class M<V> { public N<(V, V)>? Next { get; set; } }")]
    [InlineData("class T { public N<int>? N { get; set; } } [MemoryPack.MemoryPackable, MemoryPack.MemoryPackUnion(0, typeof(M<>))] abstract partial class N<V>; [MemoryPack.MemoryPackable] partial class M<V> : N<V> { public N<M<V>>? Next { get; set; } }")]
    [InlineData("[MemoryPack.MemoryPackable(MemoryPack.GenerateType.CircularReference)] partial class T { [MemoryPack.MemoryPackOrder(0)] public N<int>? N { get; set; } } [MemoryPack.MemoryPackable(MemoryPack.GenerateType.CircularReference)] partial class N<V> { [MemoryPack.MemoryPackOrder(0)] public N<V[]>? Next { get; set; } }")]
    public void A_type_that_grows_is_refused(string types)
    {
        GeneratedSample sample = Generate(types);
        Assert.Null(sample.Result.Exception);
        Diagnostic diagnostic = Assert.Single(sample.Diagnostics);
        Assert.Equal("MITO012", diagnostic.Id);
        string message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("ever larger types", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 0, 500);
        Assert.DoesNotContain(sample.Output.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Types_that_only_repeat_are_no_growth()
    {
        GeneratedSample sample = Generate("""
            class T
            {
                public Node<Node<Node<Node<int>>>>? Deep { get; set; }
                public Pair<int, string>? Pair { get; set; }
                public List<List<List<List<List<List<List<List<int>>>>>>>>? Lists { get; set; }
            }
            class Node<V> { public V? Value { get; set; } public Node<V>? Next { get; set; } }
            class Pair<V, W> { public Pair<W, V>? Other { get; set; } public V? Value { get; set; } }
            """);
        sample.AssertClean();
    }

    [Theory]
    [InlineData(290, 0, "class")]
    [InlineData(3000, 1, "class")]
    [InlineData(290, 0, "struct")]
    [InlineData(600, 1, "struct")]
    [InlineData(140, 0, "[MemoryPack.MemoryPackable] partial class")]
    [InlineData(600, 1, "[MemoryPack.MemoryPackable] partial class")]
    public void A_long_chain_of_types_is_followed_up_to_a_bound(int length, int errors, string kind)
    {
        string mark = kind == "struct" ? "" : "?";
        string chain = string.Concat(Enumerable.Range(0, length).Select(i => $"{kind} C{i} {{ public C{i + 1}{mark} Next {{ get; set; }} }} "));
        GeneratedSample sample = Generate($"class T {{ public C0{mark} First {{ get; set; }} }} {chain} struct C{length};");
        Assert.Equal(errors, sample.Diagnostics.Count);
        Assert.All(sample.Diagnostics, d => Assert.Contains("types deep", d.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    private static GeneratedSample Generate(string types) => SmallStack.Run(() => TestCompiler.Generate(
        TestCompiler.Compile($"[Remote] interface IC {{ Task M(T t); }} {types}").AddPackables()));
}
