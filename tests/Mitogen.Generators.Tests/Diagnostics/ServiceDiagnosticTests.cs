using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What is reported of services and startup classes, and at which place.</summary>
public sealed class ServiceDiagnosticTests
{
    private const string Contract = " [Remote] public interface IC { void M(); }";

    [Theory]
    [InlineData("[RemoteService] public class {|MITO020:S|} { }")]
    [InlineData("[RemoteService] public class {|MITO020:S|} : IDisposable { public void Dispose() { } }")]
    [InlineData("[RemoteService] public abstract class {|MITO021:S|} : IC { public abstract void M(); }")]
    [InlineData("[RemoteService] public class {|MITO021:S|}<T> : IC { public void M() { } }")]
    [InlineData("public class Outer<T> { [RemoteService] public class {|MITO021:S|} : IC { public void M() { } } }")]
    [InlineData("[RemoteService] public class {|MITO021:S|} : IC { public required int X { get; init; } public void M() { } }")]
    [InlineData("public class Outer { [RemoteService] private class {|MITO022:S|} : IC { public void M() { } } }")]
    [InlineData("[RemoteService] file class {|MITO022:S|} : IC { public void M() { } }")]
    [InlineData("[RemoteService] public class {|MITO023:S|} : IC { private S() { } public void M() { } }")]
    [InlineData("[RemoteService] public class {|MITO023:S|} : IC { public S() { } public S(int x) { } public void M() { } }")]
    [InlineData("[RemoteService] public class {|MITO023:S|} : IC { internal S() { } internal S(int x) { } public void M() { } }")]
    [InlineData("[RemoteService] public class S(int a, ref int {|MITO025:b|}) : IC { public void M() { } }")]
    [InlineData("[RemoteService] public class S : IC { public S({|MITO025:Span<int>|} b) { } public void M() { } }")]
    [InlineData("[RemoteService] public class S : IC { public S({|MITO025:dynamic|} b) { } public void M() { } }")]
    [InlineData(
        "[RemoteService] public class S([Microsoft.Extensions.DependencyInjection.FromKeyedServices(1)] string " +
        "{|MITO025:b|}) : IC { public void M() { } }")]
    public void Services(string source) => DiagnosticAssert.Reported(source + Contract);

    [Theory]
    [InlineData("[RemoteService] public class S : IC { internal S(int x) { } public S() { } public void M() { } }")]
    [InlineData("[RemoteService] public class S : IC { private S(int x) { } internal S() { } public void M() { } }")]
    [InlineData("[RemoteService] public record class S(IRemoteContext Context) : IC { public void M() { } }")]
    [InlineData("public class Outer { [RemoteService] internal class S : IC { public void M() { } } }")]
    [InlineData(
        "[RemoteService] public class S : IC { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public S() { X = 1; " +
        "} public required int X { get; init; } public void M() { } }")]
    public void Services_that_are_right(string source) => TestCompiler.Generate(source + Contract).AssertClean();

    [Fact]
    public void Two_services_for_one_contract()
    {
        Diagnostic diagnostic = DiagnosticAssert.Reported("""
            [RemoteService] public class A : IC { public void M() { } }
            [RemoteService] public class {|MITO024:B|} : IC { public void M() { } }
            """ + Contract).Single();
        Assert.StartsWith("'A' and 'B' both implement the contract 'IC'", diagnostic.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_services_for_one_contract_in_two_assemblies_of_a_program()
    {
        MetadataReference contracts = TestCompiler.Generate(Contract, "Contracts").AssertClean().ToReference();
        MetadataReference first = Service("First");
        MetadataReference second = Service("Second");

        GeneratedSample program = TestCompiler.Generate("", "Program", isExecutable: true, contracts, first, second);

        Diagnostic diagnostic = Assert.Single(program.Diagnostics);
        Assert.Equal("MITO024", diagnostic.Id);
        Assert.Equal(Location.None, diagnostic.Location);
        Assert.StartsWith(
            "'First (First)' and 'Second (Second)' both implement the contract 'IC'",
            diagnostic.Message(),
            StringComparison.Ordinal);

        MetadataReference Service(string name) => TestCompiler.Generate(
            $"[RemoteService] internal class {name} : IC {{ public void M() {{ }} }}", name, false, contracts).AssertClean().ToReference();
    }

    [Fact]
    public void A_contract_of_an_assembly_that_was_built_without_the_generator()
    {
        DiagnosticAssert.Reported(
            "[RemoteService] public class S : {|MITO026:IC|} { public void M() { } }",
            TestCompiler.Compile(Contract, "Contracts").EmitToImageReference());
    }

    [Fact]
    public void A_service_of_a_contract_with_errors_reports_nothing_of_its_own() => DiagnosticAssert.Reported(
        "[RemoteService] public class S : IC { public int Size { get; set; } } [Remote] public interface IC { int {|MITO003:Size|} { get; set; } }");

    [Theory]
    [InlineData("[RemoteStartup] public class {|MITO030:S|} { public static void Configure(IServiceCollection services) { } }")]
    [InlineData("[RemoteStartup] public static class {|MITO030:S|}<T> { public static void Configure(IServiceCollection services) { } }")]
    [InlineData(
        "public class Outer { [RemoteStartup] private static class {|MITO030:S|} { public static void " +
        "Configure(IServiceCollection services) { } } }")]
    [InlineData("[RemoteStartup] file static class {|MITO030:S|} { public static void Configure(IServiceCollection services) { } }")]
    [InlineData("[RemoteStartup] public static class {|MITO031:S|} { }")]
    [InlineData("[RemoteStartup] public static class S { private static void {|MITO031:Configure|}(IServiceCollection services) { } }")]
    [InlineData("[RemoteStartup] public static class S { public static int {|MITO031:Configure|}(IServiceCollection services) => 1; }")]
    [InlineData("[RemoteStartup] public static class S { public static void {|MITO031:Configure|}(object services) { } }")]
    [InlineData("[RemoteStartup] public static class S { public static void {|MITO031:Configure|}<T>(IServiceCollection services) { } }")]
    [InlineData("[RemoteStartup] public static class S { public static void {|MITO031:Configure|}(ref IServiceCollection services) { } }")]
    [InlineData(
        "[RemoteStartup] public static class S { public static void {|MITO031:Configure|}() { } public static void " +
        "Configure(int x) { } }")]
    public void Startup_classes(string source) =>
        DiagnosticAssert.Reported("using Microsoft.Extensions.DependencyInjection; " + source);
}
