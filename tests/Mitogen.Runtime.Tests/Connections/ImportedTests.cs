using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>What an isolated context is made of.</summary>
public sealed class ImportedTests : LeakCheckedTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_programs_assemblies_are_in_memory_only(int depth)
    {
        await using var root = MitogenRoot.Create();
        string[] before = Places();
        IRemoteContext context = root;
        for (int i = 0; i < depth; i++)
        {
            context = await context.ConnectAsync(new LocalConnection { Isolated = true }, Cancellation);
        }

        Whereabouts where = await context.Get<IProbe>().WhereAsync();
        LoadedAssembly[] loaded = await context.Get<IProbe>().AssembliesAsync();

        Assert.False(Directory.Exists(where.BaseDirectory), $"{where.BaseDirectory} is still there.");
        Dictionary<string, string> locations = loaded.ToDictionary(a => a.Name, a => a.Location);
        foreach (string name in (string[])["Mitogen.Runtime.Tests", "Mitogen.TestContracts", "Mitogen.TestServices"])
        {
            Assert.StartsWith("/proc/self/fd/", locations[name], StringComparison.Ordinal);
        }

        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.All(locations.Values.Where(File.Exists), path => Assert.StartsWith(framework, path, StringComparison.Ordinal));

        // Another run on this machine may have some for a moment.
        await Eventually.UntilAsync(() => !Places().Except(before).Any());
    }

    private static string[] Places() => [.. ((string[])["/dev/shm", Path.GetTempPath()]).SelectMany(place => Directory.GetFileSystemEntries(place, "mitogen-*"))];

    [Fact]
    public async Task A_context_in_the_applications_folder_imports_nothing()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        LoadedAssembly[] loaded = await child.Get<IProbe>().AssembliesAsync();
        Assert.Equal(
            Path.Combine(AppContext.BaseDirectory, "Mitogen.TestServices.dll"), loaded.Single(a => a.Name == "Mitogen.TestServices").Location);
    }
}
