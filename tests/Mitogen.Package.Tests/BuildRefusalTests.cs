namespace Mitogen.Package.Tests;

/// <summary>Projects that would build and then not find their contracts.</summary>
public sealed class BuildRefusalTests(PackedFeed feed)
{
    [Fact]
    public async Task A_program_without_the_generator()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello("""
            </PropertyGroup>
            <Target Name="NoAnalyzers" BeforeTargets="CoreCompile">
              <ItemGroup><Analyzer Remove="@(Analyzer)" /></ItemGroup>
            </Target>
            <PropertyGroup>
            """);

        (await consumer.DotNetAsync("build", "-nodeReuse:false")).Failed("MITOGEN001", "Reference the package Mitogen");
    }

    [Theory]
    [InlineData("F#", "hello.fsproj", "Program.fs", "[<EntryPoint>]\nlet main _ = Mitogen.MitogenApp.RunAsync([||], fun (_: Mitogen.MitogenRoot) -> task { () } :> System.Threading.Tasks.Task).Result")]
    [InlineData("VB", "hello.vbproj", "Program.vb", "Module Program\nSub Main()\nEnd Sub\nEnd Module")]
    public async Task A_program_in_another_language(string language, string project, string file, string text)
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.Write(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <Compile Include="{file}" Condition="'{language}' == 'F#'" />
                <PackageReference Include="Mitogen" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write(file, text);

        (await consumer.DotNetAsync("build", "-nodeReuse:false")).Failed("MITOGEN008", "services projects in C#");
    }

    /// <summary>That the remedy helps is a row of <see cref="Variants"/>.</summary>
    [Fact]
    public async Task An_executable_whose_build_has_no_folders_of_its_own()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();
        consumer.Write("Directory.Build.props", """
            <Project>
              <PropertyGroup><BaseIntermediateOutputPath>$(MSBuildThisFileDirectory)../elsewhere/</BaseIntermediateOutputPath></PropertyGroup>
            </Project>
            """);

        (await consumer.DotNetAsync("publish", "-t:MitogenExecutables", "-nodeReuse:false")).Failed("MITOGEN009", "Condition=\"'$(MitogenExecutableOf)' == ''\"");
    }

    [Fact]
    public async Task A_compiler_that_is_too_old()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();

        (await consumer.DotNetAsync("build", "-nodeReuse:false", "-p:CompilerApiVersion=roslyn4.8")).Failed("MITOGEN002", "4.8", "SDK 10");
    }
}
