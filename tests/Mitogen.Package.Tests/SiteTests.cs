using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mitogen.Package.Tests;

/// <summary>The documentation as a site, made of the pages and of what packing left in <c>src/</c>.</summary>
public sealed partial class SiteTests(PackedFeed feed)
{
    // The compiler makes them, or they are documented where they are declared: in the framework.
    private static readonly string[] s_ofOthers = ["#ctor", "ToString", "GetHashCode", "Equals(System.Object)", "DisposeAsync"];

    [Fact]
    public async Task No_link_is_broken_and_no_public_member_lacks_documentation()
    {
        (await Command.RunAsync(Repository.Root, "dotnet", "tool", "restore")).Succeeded();
        (await Command.RunAsync(Repository.Root, "dotnet", "docfx", "docfx.json", "--warningsAsErrors", "-o", feed.Artifacts)).Succeeded().Says("0 warning(s)");

        (string Name, bool IsDocumented)[] members =
        [
            .. from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "artifacts/api"), "Mitogen*.yml")
               from Match item in Items().Matches(File.ReadAllText(file).Split("\nreferences:")[0])
               where !item.Value.Contains("\n  type: Namespace", StringComparison.Ordinal)
               select (item.Groups[1].Value, item.Value.Contains("\n  summary:", StringComparison.Ordinal)),
        ];
        Assert.InRange(members.Length, 250, int.MaxValue);
        Assert.DoesNotContain(members, member => !member.IsDocumented && !s_ofOthers.Any(name => member.Name.EndsWith("." + name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_reference_has_the_assembly_of_each_package()
    {
        using JsonDocument settings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docfx.json"), TestContext.Current.CancellationToken));
        IEnumerable<string> assemblies = settings.RootElement.GetProperty("metadata")[0].GetProperty("src")[0].GetProperty("files").EnumerateArray()
            .Select(file => Path.GetFileNameWithoutExtension(file.GetString()!));

        // The package of the runtime has the project's name.
        Assert.Equal(
            Directory.GetFiles(feed.Packages, "*.snupkg").Select(file => Path.GetFileName(file)[..^$".{feed.Version}.snupkg".Length]).Order(),
            assemblies.Select(name => name == "Mitogen.Runtime" ? "Mitogen" : name).Order());
    }

    [GeneratedRegex(@"^- uid: (.+)\n(?:(?!- uid: ).*\n?)*", RegexOptions.Multiline)]
    private static partial Regex Items();
}
