namespace Mitogen.Package.Tests;

/// <summary>Programs as they are published: each variant starts contexts, or is refused when it is published.</summary>
public sealed class PublishTests(PackedFeed feed)
{
    [Fact]
    public async Task As_native_code_in_one_file()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.Write("app.cs", $"#:package Mitogen@{feed.Version}\n{HelloText.Program}");

        (await consumer.DotNetAsync("publish", "app.cs", "-o", "published")).HasNoWarning();
        Contexts.Say(await consumer.RunAsync("published/app", Contexts.OfNative), Contexts.OfNative);
        Assert.Equal(["app", "app.dbg"], Directory.GetFileSystemEntries(Path.Combine(consumer.Folder, "published")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task With_an_executable_beside_it_for_targets_without_a_runtime()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();

        (await consumer.DotNetAsync("publish", "-t:MitogenExecutables", "-nodeReuse:false")).HasNoWarning();
        string published = Path.Combine(consumer.Folder, "bin/Release/net10.0/publish");
        byte[] executable = File.ReadAllBytes(Path.Combine(published, "executables/linux-x64/hello"));
        Assert.InRange(executable.Length, 2_000_000, 12_000_000); // a host of assemblies has 80 kB
        Contexts.Say(await consumer.RunAsync(Path.Combine(published, "hello"), Contexts.All), Contexts.All);
    }

    [Theory]
    [InlineData("MITOGEN005", "PublishAot=true", "-p:PublishSingleFile=true")]
    [InlineData("MITOGEN005", "PublishAot=true", "-p:PublishSingleFile=true", "--self-contained")]
    [InlineData("MITOGEN006", "PublishAot=true", "-p:PublishTrimmed=true", "--self-contained")]
    [InlineData("MITOGEN003", "linux-x64", "-r", "win-x64")]
    [InlineData("MITOGEN004", "linux-arm64", "-r", "linux-s390x", "-p:UseAppHost=false", "--no-self-contained")]
    public async Task What_cannot_work_is_refused_with_a_remedy(string code, string remedy, params string[] variant)
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();

        (await consumer.DotNetAsync(["publish", "-o", "published", "-nodeReuse:false", .. variant])).Failed(code, remedy);
    }

    [Fact]
    public async Task The_staged_set_is_that_of_the_architecture()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();

        (await consumer.DotNetAsync("publish", "-o", "published", "-nodeReuse:false", "-r", "linux-arm64", "--no-self-contained")).HasNoWarning();
        foreach (string name in (string[])["mitogen/Mitogen.Runtime.dll", "Mitogen.Runtime.dll"])
        {
            Assert.Equal(ReadyToRunImage.Arm64, ReadyToRunImage.MachineOf(File.ReadAllBytes(Path.Combine(consumer.Folder, "published", name))));
        }
    }
}
