namespace Mitogen.Package.Tests;

/// <summary>Test projects of strangers: their runners load the tests in ways of their own.</summary>
[Collection(FeedTests.Name)]
public sealed class TestProjectTests(PackedFeed feed)
{
    private const string Test = """
        using Mitogen;
        using Mitogen.Testing;
        using Xunit;

        public sealed class GreeterTests
        {
            [Fact]
            public async Task Greets_from_a_process()
            {
                await using MitogenRoot root = MitogenRoot.Create();
                foreach (Connection connection in new Connection[] { new LocalConnection(), new LocalConnection { Isolated = true }, new ExecConnection("env") })
                {
                    await using IRemoteContext context = await root.ConnectAsync(connection);
                    Assert.StartsWith("Hello, world", await context.Get<IGreeter>().GreetAsync("world"));
                }
            }

            [Fact]
            public async Task Greets_from_a_fake()
            {
                await using InProcessRoot root = InProcessRoot.Create();
                root.OnConnect<SshConnection>(ssh => new FakeContext());
                await using IRemoteContext context = await root.ConnectAsync(new SshConnection("web1"));
                Assert.StartsWith("Hello, world", await context.Get<IGreeter>().GreetAsync("world"));
            }
        }


        """;

    private const string Packages = """
        <PackageReference Include="Mitogen" Version="$VERSION" />
        <PackageReference Include="Mitogen.Testing" Version="$VERSION" />
        """;

    [Fact]
    public async Task Xunit_version_3()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", "<OutputType>Exe</OutputType><NoWarn>xUnit1051</NoWarn>", Packages + """<PackageReference Include="xunit.v3" Version="4.0.2" />""");
        consumer.Write("GreeterTests.cs", Test + HelloText.Contract + HelloText.Service);

        (await consumer.DotNetAsync("run")).HasNoWarning().Says("Total: 2", "Failed: 0");
    }

    [Fact]
    public async Task Xunit_version_2_by_the_runner_of_the_SDK()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", "<IsPackable>false</IsPackable>", Packages + """
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
            <PackageReference Include="xunit" Version="2.9.3" />
            <PackageReference Include="xunit.runner.visualstudio" Version="4.0.1" />
            """);
        consumer.Write("GreeterTests.cs", Test + HelloText.Contract + HelloText.Service);

        (await consumer.DotNetAsync("test", "-nodeReuse:false")).HasNoWarning().Says("Passed:     2");
    }
}
