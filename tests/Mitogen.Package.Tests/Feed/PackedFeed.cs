[assembly: AssemblyFixture(typeof(Mitogen.Package.Tests.Feed.PackedFeed))]

namespace Mitogen.Package.Tests.Feed;

/// <summary>The packages as `dotnet pack` makes them of these sources, and an empty package cache: once for all tests, of which those of different classes run at the same time.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>For builds of the sources, which were analyzed when the tests were built.</summary>
    internal const string NotAnalyzed = "-p:RunAnalyzers=false";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mitogen-packages-");

    /// <summary>The version of all of them.</summary>
    public string Version { get; private set; } = "";

    /// <summary>What packing printed.</summary>
    internal CommandOutcome Packing { get; private set; } = new("", 0, "");

    /// <summary>For builds of the sources.</summary>
    internal string Artifacts => Path.Combine(_folder.FullName, "artifacts");

    internal string Cache => Path.Combine(_folder.FullName, "cache");

    internal string Packages => Path.Combine(_folder.FullName, "feed");

    public async ValueTask InitializeAsync()
    {
        Packing = await Command.RunAsync(Repository.Root, "dotnet", "pack", "-p:PackageOutputPath=" + Packages, "-nodeReuse:false", NotAnalyzed);
        Packing.HasNoWarning();
        string package = Path.GetFileNameWithoutExtension(Directory.GetFiles(Packages, "Mitogen.Abstractions.*.nupkg").Single());
        Version = package["Mitogen.Abstractions.".Length..];
    }

    public ValueTask DisposeAsync()
    {
        CompilerServer.End();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>An empty folder whose programs find the packages.</summary>
    /// <param name="name">The folder's name.</param>
    internal Consumer CreateConsumer(string name = "hello")
    {
        Consumer consumer = new(this, Directory.CreateDirectory(Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N")[..8], name)).FullName);
        consumer.Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Cache}" /></config>
              <packageSources><add key="packed" value="{Packages}" /></packageSources>
            </configuration>
            """);
        return consumer;
    }
}
