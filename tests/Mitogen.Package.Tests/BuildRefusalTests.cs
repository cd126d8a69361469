namespace Mitogen.Package.Tests;

/// <summary>Projects that would build and then not find their contracts.</summary>
[Collection(FeedTests.Name)]
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

    [Fact]
    public async Task A_compiler_that_is_too_old()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();

        (await consumer.DotNetAsync("build", "-nodeReuse:false", "-p:CompilerApiVersion=roslyn4.8")).Failed("MITOGEN002", "4.8", "SDK 10");
    }
}
