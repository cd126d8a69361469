using System.Reflection;
using System.Runtime.Loader;
using Mitogen.Executables;
using Mitogen.Import;

namespace Mitogen.Runtime.Tests.Import;

public class AssemblyClosureTests
{
    private static readonly string[] s_staged =
        [.. StagedSet.Find(Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName))!.Assemblies];

    private static AssemblyClosure OfThisAssembly() => AssemblyClosure.Compute([typeof(AssemblyClosureTests).Assembly], s_staged);

    [Fact]
    public void It_has_the_root_and_what_that_references_directly_or_not()
    {
        AssemblyClosure closure = OfThisAssembly();

        Assert.Contains("Mitogen.Runtime.Tests", closure.Assemblies);
        Assert.Contains("xunit.v3.assert", closure.Assemblies);
        Assert.Contains("xunit.v3.common", closure.Assemblies);
        Assert.All(closure.Files.Values, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public void It_has_neither_the_framework_nor_the_staged_set()
    {
        AssemblyClosure closure = OfThisAssembly();

        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.DoesNotContain(closure.Files.Keys, name => File.Exists(Path.Combine(framework, name + ".dll")));
        Assert.Contains("Mitogen.Runtime", s_staged);
        Assert.Empty(closure.Files.Keys.Intersect(s_staged));
    }

    [Fact]
    public void It_has_satellites_but_does_not_send_them_ahead()
    {
        using PrivateDirectory folder = PrivateDirectory.TryCreate()!;
        string name = TestAssemblies.NewName();
        string path = Path.Combine(folder.Path, name + ".dll");
        File.WriteAllBytes(path, TestAssemblies.Make(name));
        string culture = Directory.CreateDirectory(Path.Combine(folder.Path, "de")).FullName;
        File.WriteAllText(Path.Combine(culture, name + ".resources.dll"), "");
        File.WriteAllText(Path.Combine(culture, "Somebody.Else.resources.dll"), "");

        AssemblyClosure closure = AssemblyClosure.Compute([new AssemblyLoadContext(name).LoadFromAssemblyPath(path)], s_staged);

        Assert.Equal(name, Assert.Single(closure.Assemblies));
        Assert.Equal([name, $"{name}.resources, Culture=de"], closure.Files.Keys.Order());
    }

    [Fact]
    public void A_root_without_a_file_is_an_error_that_names_it()
    {
        string name = TestAssemblies.NewName();
        Assembly root = new AssemblyLoadContext(name).LoadFromStream(new MemoryStream(TestAssemblies.Make(name)));

        var exception = Assert.Throws<InvalidOperationException>(() => AssemblyClosure.Compute([root], s_staged));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.Runtime")]
    [InlineData("Mitogen.Runtime")]
    [InlineData("../Mitogen.Runtime.Tests")]
    [InlineData("/etc/passwd")]
    [InlineData("Mitogen.Runtime.Tests.dll")]
    [InlineData("Mitogen.Runtime.Tests.deps.json")]
    [InlineData("")]
    public async Task A_provider_refuses_what_is_not_in_it(string name)
    {
        Assert.Null(await new LoadedAssemblyProvider(OfThisAssembly()).FindAsync(name, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_provider_compresses_a_file_once()
    {
        var provider = new LoadedAssemblyProvider(OfThisAssembly());
        CancellationToken token = TestContext.Current.CancellationToken;

        CompressedAssembly? first = await provider.FindAsync("xunit.v3.assert", token);

        Assert.NotNull(first);
        Assert.Same(first, await provider.FindAsync("xunit.v3.assert", token));
    }
}
