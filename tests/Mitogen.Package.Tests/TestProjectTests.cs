namespace Mitogen.Package.Tests;

/// <summary>Test projects of strangers: their runners load the tests in ways of their own.</summary>
public sealed class TestProjectTests(PackedFeed feed)
{
    private const string Packages = """
        <PackageReference Include="Mitogen" Version="$VERSION" />
        <PackageReference Include="Mitogen.Testing" Version="$VERSION" />
        """;

    [Fact]
    public async Task Xunit_version_3()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", "<OutputType>Exe</OutputType><NoWarn>xUnit1051</NoWarn>", Packages + """<PackageReference Include="xunit.v3" Version="4.0.2" />""");
        consumer.Write("GreeterTests.cs", TestText.OfXunit + HelloText.Contract + HelloText.Service);

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
        consumer.Write("GreeterTests.cs", TestText.OfXunit + HelloText.Contract + HelloText.Service);

        (await consumer.DotNetAsync("test", "-nodeReuse:false")).HasNoWarning().Says("Passed:     2");
    }

    /// <summary>With the collector that rewrites assemblies to count what runs.</summary>
    [Fact]
    public async Task NUnit_with_coverage()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", "<IsPackable>false</IsPackable>", Packages + """
            <PackageReference Include="coverlet.collector" Version="10.0.1" />
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
            <PackageReference Include="NUnit" Version="5.0.0" />
            <PackageReference Include="NUnit3TestAdapter" Version="6.3.1" />
            """);
        consumer.Write("GreeterTests.cs", TestText.Of("NUnit.Framework", "", "Test", "Assert.That({0}, Does.StartWith(\"Hello, world\"))") + HelloText.Contract + HelloText.Service);

        (await consumer.DotNetAsync("test", "-nodeReuse:false", "--collect", "XPlat Code Coverage")).HasNoWarning().Says("Passed:     2", "coverage.cobertura.xml");
    }

    [Fact]
    public async Task MSTest()
    {
        Consumer consumer = feed.CreateConsumer();
        consumer.WriteProject("hello.csproj", "<IsPackable>false</IsPackable><NoWarn>MSTEST0001</NoWarn>", Packages + """<PackageReference Include="MSTest" Version="4.5.2" />""");
        consumer.Write("GreeterTests.cs", TestText.Of("Microsoft.VisualStudio.TestTools.UnitTesting", "[TestClass]", "TestMethod", "Assert.StartsWith(\"Hello, world\", {0})") + HelloText.Contract + HelloText.Service);

        (await consumer.DotNetAsync("test", "-nodeReuse:false")).HasNoWarning().Says("Passed:     2");
    }
}
