namespace Mitogen.Package.Tests;

/// <summary>
/// What a command line says of a program reaches all projects that are built for it, in this repository also those that are no programs: the
/// runtime, the generator.
/// </summary>
public sealed class RepositoryTests(PackedFeed feed)
{
    [Fact]
    public async Task A_sample_is_published_with_code_compiled_ahead_of_time()
    {
        (await PublishAsync("-p:PublishReadyToRun=true", "-r", "linux-x64", "--no-self-contained")).HasNoWarning();

        (await Command.RunAsync(feed.Artifacts, Path.Combine(feed.Artifacts, "publish/Hello/release_linux-x64/Hello"))).Succeeded().Says("This is grandchild");
    }

    [Theory]
    [InlineData("MITOGEN005", "-p:PublishSingleFile=true")]
    [InlineData("MITOGEN006", "-p:PublishTrimmed=true")]
    public async Task What_starts_no_context_is_refused(string code, string variant) =>
        (await PublishAsync(variant, "--self-contained")).Failed(code);

    // Into folders of their own: what these properties change is not to stay in the sources.
    private Task<CommandOutcome> PublishAsync(params string[] variant) => Command.RunAsync(
        Repository.Root, "dotnet", ["publish", "samples/Hello", "-c", "Release", "--artifacts-path", feed.Artifacts, "-nodeReuse:false", PackedFeed.NotAnalyzed, .. variant]);
}
