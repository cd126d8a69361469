namespace Mitogen.Package.Tests;

/// <summary>Applications that have their contexts from dependency injection.</summary>
public sealed class HostedProgramTests(PackedFeed feed)
{
    private const string Program = """
        using Mitogen;

        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMitogen(builder.Configuration.GetSection("Mitogen")).AddRemote<IGreeter>("child").AddRemote<IGreeter>("isolated");
        builder.Services.AddHealthChecks().AddMitogen();
        await using WebApplication app = builder.Build();
        app.MapGet("/{name}", (string name, IServiceProvider services) => services.GetRequiredKeyedService<IGreeter>(name).GreetAsync("world"));
        app.MapHealthChecks("/health");
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.First()) };
        foreach (string path in new[] { "child", "isolated", "health" })
        {
            Console.WriteLine($"{path}: {await client.GetStringAsync(path)}");
        }

        await app.StopAsync();


        """;

    [Fact]
    public async Task A_web_application_calls_contexts_that_its_configuration_names()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject(
            "hosted.csproj",
            "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>",
            """
            <PackageReference Include="Mitogen" Version="$VERSION" />
            <PackageReference Include="Mitogen.Hosting" Version="$VERSION" />
            """,
            "Microsoft.NET.Sdk.Web");
        consumer.Write("Program.cs", Program + HelloText.Contract + HelloText.Service);
        consumer.Write("appsettings.json", """{ "Mitogen": { "Contexts": { "child": "local", "isolated": "local://?isolated" } } }""");

        (await consumer.DotNetAsync("run")).HasNoWarning().Says(
            "child: Hello, world, from child.", "isolated: Hello, world, from isolated.", "health: Healthy");
    }
}
