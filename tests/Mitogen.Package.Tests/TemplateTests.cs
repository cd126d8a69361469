namespace Mitogen.Package.Tests;

/// <summary>What `dotnet new` makes, with nothing changed.</summary>
public sealed class TemplateTests(PackedFeed feed)
{
    [Fact]
    public async Task A_program()
    {
        Consumer consumer = await NewAsync("mitogen", "my-tool"); // no namespace can have this name

        (await consumer.DotNetAsync("run", "--project", "my-tool")).HasNoWarning().Says("Hello, world! This is local-1");
        (await consumer.DotNetAsync("run", "--project", "my-tool", "--no-build", "--", "exec://env+sudo")).Succeeded().Says("This is sudo-2");
    }

    [Fact]
    public async Task A_library_with_tests()
    {
        Consumer consumer = await NewAsync("mitogen-lib", "1st.lib");

        (await consumer.RunAsync("/bin/sh", "-c", "cd 1st.lib && dotnet test")).HasNoWarning().Says("total: 3", "failed: 0");
    }

    [Fact]
    public async Task A_script()
    {
        Consumer consumer = await NewAsync("mitogen-script", "greet");

        (await consumer.RunAsync("greet/greet.cs")).HasNoWarning().Says("Hello, world! This is local-1");
        (await consumer.DotNetAsync("run", "greet/greet.cs", "exec://env")).HasNoWarning().Says("Hello, world! This is exec-1");
    }

    private async Task<Consumer> NewAsync(string template, string name)
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.HasHomeOfItsOwn();
        (await consumer.DotNetAsync("new", "install", Path.Combine(feed.Packages, $"Mitogen.Templates.{feed.Version}.nupkg"))).Succeeded().Says(template);
        (await consumer.DotNetAsync("new", template, "-o", name)).HasNoWarning();
        return consumer;
    }
}
