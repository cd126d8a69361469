namespace Mitogen.Package.Tests;

/// <summary>How programs are laid out, and what is made of them: the table that <see cref="VariantTests"/> takes its rows from.</summary>
internal static class Variants
{
    /// <summary>Ways to lay out a program, each of which moves or renames something that the package's targets use.</summary>
    public static readonly Dictionary<string, Func<PackedFeed, Consumer>> Layouts = new()
    {
        ["plain"] = feed => Program(feed),
        ["a path with an apostrophe and a space"] = feed => Program(feed, "it's a tool"),
        ["artifacts output"] = feed => Program(feed, properties: "<UseArtifactsOutput>true</UseArtifactsOutput>"),
        ["intermediate files elsewhere"] = feed => Program(
            feed,
            properties: """<BaseIntermediateOutputPath Condition="'$(MitogenExecutableOf)' == ''">$(MSBuildThisFileDirectory)../elsewhere/</BaseIntermediateOutputPath>"""),
        ["central package versions"] = feed =>
        {
            Consumer consumer = Program(feed, version: "");
            consumer.Write("Directory.Packages.props", $"""
                <Project>
                  <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
                  <ItemGroup><PackageVersion Include="Mitogen" Version="{feed.Version}" /></ItemGroup>
                </Project>
                """);
            return consumer;
        },
        ["a package folder without a slash at its end"] = feed =>
        {
            Consumer consumer = Program(feed);
            consumer.Variables["NUGET_PACKAGES"] = feed.Cache;
            return consumer;
        },
    };

    /// <summary>What is made of a program: the arguments of `dotnet publish`, and the contexts that the result starts.</summary>
    public static readonly Dictionary<string, (string[] Arguments, string[] Contexts)> Publications = new()
    {
        ["assemblies"] = ([], Contexts.All),
        ["self-contained"] = (["--self-contained"], Contexts.All),
        ["ready to run"] = (["-p:PublishReadyToRun=true", "-r", "linux-x64", "--no-self-contained"], Contexts.All),
        ["native"] = (["-p:PublishAot=true"], Contexts.OfNative),
        ["with an executable"] = (["-t:MitogenExecutables"], Contexts.All),
    };

    private static Consumer Program(PackedFeed feed, string folder = "hello", string properties = "", string version = "Version=\"$VERSION\"")
    {
        Consumer consumer = feed.CreateConsumer(folder);
        consumer.WriteProject("hello.csproj", "<OutputType>Exe</OutputType>", $"""<PackageReference Include="Mitogen" {version} />""");
        consumer.Write("Program.cs", HelloText.Program);
        consumer.Write("Directory.Build.props", $"<Project><PropertyGroup>{properties}</PropertyGroup></Project>");
        return consumer;
    }
}
