using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mitogen.Benchmarks.Generation;

/// <summary>A program with many contracts, one in each file, each with every shape of a call, a record of its own and a service.</summary>
internal static class ManyContracts
{
    private const string Contract = """
        using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks; using Mitogen;
        namespace App;
        public sealed record Order$(int Id, string Name, List<string> Lines);
        [Remote]
        public interface IOrders$
        {
            int Count { get; }
            IOrders$ Open(string path);
            ValueTask<Order$> GetAsync(int id, CancellationToken cancellationToken = default);
            Task PlaceAsync(Order$ order, IProgress<int> progress);
            IAsyncEnumerable<Order$> WatchAsync(CancellationToken cancellationToken = default);
            Task<Dictionary<string, List<Order$>>> AllAsync(Stream log);
        }
        [RemoteService]
        public sealed class Orders$ : IOrders$
        {
            public int Count => 1;
            public IOrders$ Open(string path) => this;
            public ValueTask<Order$> GetAsync(int id, CancellationToken cancellationToken) => throw new NotSupportedException();
            public Task PlaceAsync(Order$ order, IProgress<int> progress) => Task.CompletedTask;
            public IAsyncEnumerable<Order$> WatchAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
            public Task<Dictionary<string, List<Order$>>> AllAsync(Stream log) => throw new NotSupportedException();
        }
        """;

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Compile(int count) => CSharpCompilation.Create(
        "App",
        Enumerable.Range(0, count).Select(static i => CSharpSyntaxTree.ParseText(TextOf(i), path: $"Orders{i}.cs")),
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Gives one contract one method more.</summary>
    public static CSharpCompilation EditOne(CSharpCompilation compilation) => compilation.ReplaceSyntaxTree(
        compilation.SyntaxTrees[0],
        CSharpSyntaxTree.ParseText(
            TextOf(0)
                .Replace("int Count { get; }", "int Count { get; } void More();", StringComparison.Ordinal)
                .Replace("public int Count => 1;", "public int Count => 1; public void More() { }", StringComparison.Ordinal),
            path: "Orders0.cs"));

    private static string TextOf(int number) =>
        Contract.Replace("$", number.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
