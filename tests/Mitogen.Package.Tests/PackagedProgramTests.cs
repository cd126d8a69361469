namespace Mitogen.Package.Tests;

/// <summary>Programs of each shape, built and run.</summary>
public sealed class PackagedProgramTests(PackedFeed feed)
{
    private const string Copying = "Copying file from";

    [Fact]
    public async Task A_console_program_builds_once()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();

        (await consumer.DotNetAsync("build", "-nodeReuse:false", "-v:normal")).HasNoWarning().Says(Copying);
        Contexts.Say(await consumer.DotNetAsync(["run", "--no-build", "--", .. Contexts.All]), Contexts.All);

        string program = Path.Combine(consumer.Folder, "bin/Debug/net10.0/hello.dll");
        DateTime[] Times() => [.. Directory.GetFiles(Path.GetDirectoryName(program)!, "*", SearchOption.AllDirectories).Order().Select(File.GetLastWriteTimeUtc)];
        DateTime[] before = Times();
        CommandOutcome second = (await consumer.DotNetAsync("build", "-nodeReuse:false", "-v:normal")).HasNoWarning();
        Assert.Equal(before, Times());
        Assert.DoesNotContain(Copying, second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_will_be_native_code_runs_assemblies_until_it_is()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello("<PublishAot>true</PublishAot>");

        Contexts.Say((await consumer.DotNetAsync(["run", "--", .. Contexts.All])).HasNoWarning(), Contexts.All);
    }

    /// <summary>Hot reload would change the root alone: contexts start from the files that a build made.</summary>
    [Fact]
    public async Task A_watched_program_starts_again_with_a_change()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteHello();
        await using WatchedCommand watch = consumer.Watch("dotnet", "watch", "--no-hot-reload", "run", "--", Contexts.Local);
        await watch.SaysAsync("Hello, world, from local-1.");

        consumer.Write("Program.cs", HelloText.Program.Replace("Hello,", "Welcome,", StringComparison.Ordinal));

        await watch.SaysAsync("Welcome, world, from local-1.");
    }

    [Fact]
    public async Task A_program_of_one_file_runs_and_is_a_script()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.Write("app.cs", $"#!/usr/bin/env dotnet\n#:package Mitogen@{feed.Version}\n{HelloText.Program}");
        File.SetUnixFileMode(Path.Combine(consumer.Folder, "app.cs"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Contexts.Say((await consumer.DotNetAsync(["run", "app.cs", "--", .. Contexts.All])).HasNoWarning(), Contexts.All);
        Contexts.Say((await consumer.RunAsync("app.cs", Contexts.All)).HasNoWarning(), Contexts.All);
    }

    /// <summary>With all of the analyzers' rules, as errors.</summary>
    [Fact]
    public async Task Contracts_services_and_the_program_may_be_projects_of_their_own()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("contracts/contracts.csproj", items: """<PackageReference Include="Mitogen.Abstractions" />""");
        consumer.Write("contracts/IGreeter.cs", "using Mitogen;\n\n" + HelloText.Contract);
        consumer.WriteProject(
            "services/services.csproj",
            items: """<PackageReference Include="Mitogen.Abstractions" /><ProjectReference Include="../contracts/contracts.csproj" />""");
        consumer.Write("services/Greeter.cs", "using Mitogen;\n\n" + HelloText.Service);
        consumer.WriteProject(
            "program/program.csproj",
            "<OutputType>Exe</OutputType><AnalysisLevel>latest-all</AnalysisLevel><TreatWarningsAsErrors>true</TreatWarningsAsErrors><NoWarn>CA1303;CA2007</NoWarn>",
            """<PackageReference Include="Mitogen" /><ProjectReference Include="../services/services.csproj" />""");
        consumer.Write("program/Program.cs", HelloText.Start);
        consumer.Write("Directory.Packages.props", $"""
            <Project>
              <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="Mitogen" Version="{feed.Version}" />
                <PackageVersion Include="Mitogen.Abstractions" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """);

        Contexts.Say((await consumer.DotNetAsync(["run", "--project", "program", "--", .. Contexts.All])).HasNoWarning(), Contexts.All);
    }

    [Fact]
    public async Task A_web_program_keeps_its_framework_and_its_heaps_to_itself()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", items: """<PackageReference Include="Mitogen" Version="$VERSION" />""", sdk: "Microsoft.NET.Sdk.Web");
        consumer.Write("Program.cs", """
            using Mitogen;

            return await MitogenApp.RunAsync(args, async root =>
            {
                WebApplicationBuilder builder = WebApplication.CreateBuilder();
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                await using WebApplication app = builder.Build();
                app.MapGet("/", () => "hello");
                await app.StartAsync();
                foreach (bool isolated in new[] { false, true })
                {
                    await using IRemoteContext context = await root.ConnectAsync(new LocalConnection { Isolated = isolated });
                    Console.WriteLine($"isolated: {isolated}; {await context.Get<IProbe>().LookAsync()}");
                }
            });

            [Remote]
            public interface IProbe
            {
                Task<string> LookAsync();
            }

            [RemoteService]
            public sealed class Probe : IProbe
            {
                public Task<string> LookAsync() => Task.FromResult(
                    $"server heaps: {System.Runtime.GCSettings.IsServerGC}; of ASP.NET: " +
                    AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
            }
            """);

        (await consumer.DotNetAsync("run")).HasNoWarning().Says(
            "isolated: False; server heaps: False", "isolated: True; server heaps: False; of ASP.NET: 0");
    }
}
