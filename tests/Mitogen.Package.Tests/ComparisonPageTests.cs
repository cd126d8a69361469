using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mitogen.Package.Tests;

/// <summary>The pages for those who come from elsewhere: their programs are built, and the names in their tables exist.</summary>
public sealed partial class ComparisonPageTests(PackedFeed feed)
{
    public static TheoryData<string> Pages { get; } =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "from-*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_one_writes_here_is_right(string page)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", page + ".md"), TestContext.Current.CancellationToken);
        string program = Assert.Single(Programs().Matches(text)).Groups[1].Value;
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", "<OutputType>Exe</OutputType>", """<PackageReference Include="Mitogen.Ssh" Version="$VERSION" />""");
        consumer.Write("Program.cs", program);

        (await consumer.DotNetAsync("build", "-nodeReuse:false")).HasNoWarning();

        string[] used = [.. Rows().Matches(text).SelectMany(row => Code().Matches(row.Groups[1].Value)).SelectMany(code => Names(Literals().Replace(code.Value, "")))];
        Assert.InRange(used.Length, 20, int.MaxValue);
        Assert.Empty(used.Except([.. PublicNames(), .. FrameworkNames(), .. Names(program)]));
    }

    private IEnumerable<string> PublicNames() =>
        from name in (string[])["Mitogen", "Mitogen.Abstractions", "Mitogen.Ssh", "Mitogen.Testing"]
        from member in Documentation(name).Descendants("member")
        from part in Names((string)member.Attribute("name")!)
        select part.EndsWith("Attribute", StringComparison.Ordinal) ? part[..^"Attribute".Length] : part;

    private static IEnumerable<string> FrameworkNames() =>
        from assembly in (Assembly[])[typeof(Task).Assembly, typeof(Parallel).Assembly, typeof(System.IO.Pipelines.PipeReader).Assembly]
        from type in assembly.GetExportedTypes()
        from name in type.GetMembers().Select(member => member.Name).Prepend(type.Name.Split('`')[0])
        select name;

    private static IEnumerable<string> Names(string code) => Identifiers().Matches(code).Select(match => match.Value);

    private XDocument Documentation(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(feed.Packages, $"{name}.{feed.Version}.nupkg"));
        using Stream file = package.Entries.Single(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal) && entry.Name.EndsWith(".xml", StringComparison.Ordinal)).Open();
        return XDocument.Load(file);
    }

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Programs();

    [GeneratedRegex(@"^\|.*\|([^|\n]+)\|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Literals();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\b")]
    private static partial Regex Identifiers();
}
