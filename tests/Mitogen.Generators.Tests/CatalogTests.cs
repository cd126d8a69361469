using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>The catalog of an executable, made of its own code and of what it references.</summary>
public sealed class CatalogTests
{
    private const string Contracts = """
        namespace Contracts;

        [Remote]
        public interface IGreeter
        {
            ValueTask<string> GreetAsync(string name);
        }
        """;

    private const string Services = """
        namespace Services;

        [RemoteService]
        internal sealed class Greeter : Contracts.IGreeter
        {
            public ValueTask<string> GreetAsync(string name) => new("hello " + name);
        }
        """;

    private const string Program = """
        public static class Driver
        {
            public static async Task<string> RunAsync(IRemoteContext context) => await context.Get<Contracts.IGreeter>().GreetAsync("you");
        }
        """;

    [Fact]
    public async Task A_service_project_that_is_only_referenced_is_found()
    {
        GeneratedSample contracts = TestCompiler.Generate(Contracts, "Acme.Contracts").AssertClean();
        GeneratedSample services = TestCompiler.Generate(Services, "Acme.Services", false, contracts.ToReference()).AssertClean();
        GeneratedSample program = TestCompiler.Generate(
            Program, "Acme", isExecutable: true, contracts.ToReference(), services.ToReference()).AssertClean();

        Assert.Equal("hello you", await program.RunAsync(referenced: [contracts, services]));
        Snapshot.Verify(program);
    }

    [Fact]
    public async Task The_module_initializer_fills_the_default_catalog()
    {
        GeneratedSample program = TestCompiler.Generate("""
            [Remote]
            public interface IInitialized
            {
                void M();
            }

            public static class Driver
            {
                public static Task<string> RunAsync(IRemoteContext context) => Task.FromResult(
                    RemoteCatalog.Default.Roots.Contains(typeof(Driver).Assembly).ToString());
            }
            """, "Program", isExecutable: true).AssertClean();

        Assert.Equal("True", await program.RunAsync());
        Assert.Contains(RemoteCatalog.Default.Contracts.Values, c => c.Name == "IInitialized");
    }

    [Fact]
    public async Task A_friend_implements_an_internal_contract()
    {
        GeneratedSample contracts = TestCompiler.Generate("""
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Friend")]

            [Remote]
            internal interface IHidden
            {
                ValueTask<List<int>> ListAsync();
            }
            """, "Owner").AssertClean();
        GeneratedSample friend = TestCompiler.Generate("""
            [Remote]
            internal interface IOwn
            {
                ValueTask<List<int>> ListAsync();
            }

            [RemoteService]
            internal sealed class Both : IHidden, IOwn
            {
                public ValueTask<List<int>> ListAsync() => new(new List<int> { 1, 2 });
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context) =>
                    string.Join(",", (await context.Get<IHidden>().ListAsync()).Concat(await context.Get<IOwn>().ListAsync()));
            }
            """, "Friend", isExecutable: true, contracts.ToReference()).AssertClean();

        Assert.Equal("1,2,1,2", await friend.RunAsync(referenced: [contracts]));
    }

    [Fact]
    public void A_library_has_a_registration_and_no_catalog()
    {
        GeneratedSample sample = TestCompiler.Generate(Contracts).AssertClean();

        Assert.Equal(
            ["Contracts.IGreeter", "Build.g.cs", "Registration.g.cs"],
            sample.Result.GeneratedSources.Select(s => s.HintName.Split('-')[0]));
    }

    [Fact]
    public void A_program_without_contracts_has_a_catalog_alone()
    {
        GeneratedSample sample = TestCompiler.Generate("", "Program", isExecutable: true).AssertClean();

        Assert.Equal(["Catalog.g.cs"], sample.Result.GeneratedSources.Select(s => s.HintName));
    }

    [Theory]
    [InlineData("My.App", "My_App")]
    [InlineData("my-app", "my__002dapp")]
    [InlineData("my_app", "my__005fapp")]
    [InlineData("my..app", "my__002e__002eapp")]
    [InlineData(".app", "__002eapp")]
    [InlineData("7zip", "_7zip")]
    [InlineData("Größe 2", "Größe__00202")]
    [InlineData("event", "event")]
    public void The_namespace_is_made_of_the_assembly_name(string assembly, string expected)
    {
        GeneratedSample sample = TestCompiler.Generate(Contracts, assembly).AssertClean();

        Assert.NotNull(sample.Output.Assembly.GetTypeByMetadataName($"Mitogen.Generated.{expected}.Registration"));
    }

    [Fact]
    public async Task Assemblies_whose_names_differ_in_punctuation_alone_are_all_in_the_catalog()
    {
        string[] names = ["My-App", "My.App", "My_App", "My App", "My+App"];
        GeneratedSample[] libraries =
        [
            .. names.Select((name, i) => TestCompiler.Generate($$"""
                namespace N{{i}};
                [Remote] public interface IName { ValueTask<string> NameAsync(List<int[]> data); }
                [RemoteService] internal sealed class Name : IName { public ValueTask<string> NameAsync(List<int[]> data) => new("{{i}}"); }
                """, name).AssertClean()),
        ];
        string calls = string.Join(" + ", names.Select((_, i) => $"await context.Get<N{i}.IName>().NameAsync([])"));

        GeneratedSample program = TestCompiler.Generate(
            $"public static class Driver {{ public static async Task<string> RunAsync(IRemoteContext context) => {calls}; }}",
            "MyApp",
            isExecutable: true,
            [.. libraries.Select(static l => l.ToReference())]).AssertClean();

        Assert.Equal("01234", await program.RunAsync(referenced: libraries));
    }

    [Fact]
    public void The_namespace_of_an_assembly_is_that_of_no_other()
    {
        // All names of up to six of these characters; among them are those that look like an escape.
        const string Characters = "a5._-";
        IEnumerable<string> names = [""];
        var seen = new Dictionary<string, string>();
        for (int length = 1; length <= 6; length++)
        {
            names = [.. names.SelectMany(static name => Characters.Select(c => name + c))];
            foreach (string name in names)
            {
                Assert.True(seen.TryAdd(Parsing.Identity.NamespaceOf(name), name), name);
            }
        }

        Assert.All(seen.Keys, static space => Assert.All(
            space.Split('.'), static part => Assert.True(Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsValidIdentifier(part), part)));
        foreach (string name in (string[])["a_b", "a__b", "a__005fb", "a.005fb", "a-002db", "_a", "__a", "a_", "a__"])
        {
            Assert.True(seen.TryAdd(Parsing.Identity.NamespaceOf(name), name) || seen.ContainsValue(name), name);
        }
    }
}
