using System.IO.Compression;
using System.Xml.Linq;

namespace Mitogen.Package.Tests;

/// <summary>What is in the packages.</summary>
public sealed class PackageTests(PackedFeed feed)
{
    private const string Templates = "Mitogen.Templates"; // without an assembly

    [Fact]
    public void These_and_no_others_are_made()
    {
        string[] names = [.. Directory.GetFiles(feed.Packages, "*.nupkg").Select(file => Path.GetFileName(file)[..^$".{feed.Version}.nupkg".Length]).Order()];

        Assert.Equal(["Mitogen", "Mitogen.Abstractions", "Mitogen.Hosting", "Mitogen.Ssh", Templates, "Mitogen.Testing", "Mitogen.Toolkit", "Mitogen.Toolkit.Systemd"], names);
        Assert.Equal(names.Length - 1, Directory.GetFiles(feed.Packages, "*.snupkg").Length);
    }

    [Theory]
    [InlineData("Mitogen")]
    [InlineData("Mitogen.Abstractions")]
    [InlineData("Mitogen.Hosting")]
    [InlineData("Mitogen.Ssh")]
    [InlineData(Templates)]
    [InlineData("Mitogen.Testing")]
    [InlineData("Mitogen.Toolkit")]
    [InlineData("Mitogen.Toolkit.Systemd")]
    public void Each_says_what_it_is(string name)
    {
        using ZipArchive package = Open(name);
        XElement metadata = Nuspec(package);

        Assert.All(
            (string[])["description", "projectUrl", "releaseNotes", "tags", "license", "icon", "readme", "repository"],
            element => Assert.NotNull(metadata.Element(metadata.Name.Namespace + element)));
        Assert.All((string[])["README.md", "icon.png"], file => Assert.NotNull(package.GetEntry(file)));
        if (name == Templates)
        {
            return;
        }

        string documentation = new StreamReader(package.Entries.Single(entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal) && entry.FullName.StartsWith("lib/", StringComparison.Ordinal)).Open()).ReadToEnd();
        Assert.Contains("<member name=\"T:Mitogen", documentation, StringComparison.Ordinal);
        Assert.DoesNotContain("CallHub", documentation, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_that_use_internals_need_the_exact_version()
    {
        foreach ((string name, string dependency) in ((string, string)[])[("Mitogen", "Mitogen.Abstractions"), ("Mitogen.Testing", "Mitogen")])
        {
            using ZipArchive package = Open(name);
            XElement found = Nuspec(package).Descendants().Single(element => (string?)element.Attribute("id") == dependency);

            Assert.Equal($"[{feed.Version}]", (string?)found.Attribute("version"));
            Assert.Equal("All", (string?)found.Attribute("include")); // the generator too
        }
    }

    [Theory]
    [InlineData("linux-x64", ReadyToRunImage.X64)]
    [InlineData("linux-arm64", ReadyToRunImage.Arm64)]
    public void The_staged_set_is_compiled_for_each_architecture(string rid, int machine)
    {
        using ZipArchive package = Open("Mitogen");
        ZipArchiveEntry[] assemblies = [.. package.Entries.Where(entry => entry.FullName.StartsWith($"staged/{rid}/", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal))];

        Assert.Equal(7, assemblies.Length);
        Assert.All(assemblies.Where(entry => entry.Name != "Mitogen.Agent.dll"), entry =>
        {
            using MemoryStream image = new();
            using (Stream file = entry.Open())
            {
                file.CopyTo(image);
            }

            Assert.Equal(machine, ReadyToRunImage.MachineOf(image.ToArray()));
        });
    }

    private static XElement Nuspec(ZipArchive package)
    {
        using Stream file = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement root = XDocument.Load(file).Root!;
        return root.Element(root.Name.Namespace + "metadata")!;
    }

    private ZipArchive Open(string name) => ZipFile.OpenRead(Path.Combine(feed.Packages, $"{name}.{feed.Version}.nupkg"));
}
