using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What a program asks its contexts for, and no assembly of it serves.</summary>
public sealed class UnservedContractTests
{
    private const string Contract = " [Remote] public interface IC { void M(); }";
    private const string Service = " [RemoteService] public class S : IC { public void M() { } }";

    // What the runtime and the test library have; samples see the abstractions alone.
    private const string Runtime = """
         namespace Mitogen
        {
            public sealed record MitogenOptions { public RemoteCatalog? Catalog { get; init; } }
            public sealed class MitogenRoot(MitogenOptions options) { public T Get<[ContractType] T>() where T : class => throw new NotSupportedException(options.ToString()); }
        }
        """;

    [Theory]
    [InlineData("app.Get<{|MITO064:IC|}>()", Contract)]
    [InlineData("app.Get<{|MITO064:IC|}>(new CallOptions())", Contract)]
    [InlineData("(Func<IC>)app.Get<{|MITO064:IC|}>", Contract)]
    [InlineData("new MitogenRoot(new MitogenOptions()).Get<{|MITO064:IC|}>()", Contract + Runtime)]
    [InlineData("app.Get<IC>()", Contract + Service)]
    [InlineData("app.Get<IC>()", " [Remote] public interface IC { void M(); } [Remote] public interface ID : IC; [RemoteService] public class S : ID { public void M() { } }")]
    [InlineData("app.Get<{|MITO064:ID|}>()", Contract + Service + " [Remote] public interface ID : IC;")]
    [InlineData("app.Get<IC>().Equals(new MitogenOptions { Catalog = new() })", Contract + Runtime)]
    [InlineData("app.Get<IC>().Equals(new MitogenOptions() with { Catalog = null })", Contract + Runtime)]
    [InlineData("app.Name", Contract)]
    [InlineData("app.Get<IC>().M(null!)", " [Remote] public interface IC { int M(IPassed? p); } [Remote] public interface IPassed; " +
        "[RemoteService] public class S : IC { public int M(IPassed? p) => 1; } public class Passed : IPassed;")]
    [InlineData("app.Ask<IC>()", Contract + " public static class Wrapper { public static T Ask<[ContractType] T>(this IRemoteContext c) where T : class => c.Get<T>(); }")]
    public void Programs(string call, string declarations) => DiagnosticAssert.ReportedInProgram(ProgramWith(call) + declarations);

    [Fact]
    public void A_service_with_an_error_counts() => DiagnosticAssert.ReportedInProgram(
        ProgramWith("app.Get<IC>()") + Contract + " [RemoteService] public class {|MITO023:S|} : IC { private S() { } public void M() { } }");

    [Fact]
    public void A_library_is_not_judged() => DiagnosticAssert.Reported("public class Code { IC M(IRemoteContext c) => c.Get<IC>(); }" + Contract);

    [Fact]
    public void A_program_with_contexts_of_its_own_is_not_judged() => DiagnosticAssert.ReportedInProgram(
        ProgramWith("app.Get<IC>()") + Contract + " public abstract class Mock : IRemoteContext " + """
        {
            public string Name => ""; public uint Id => 1; public IRemoteContext? Parent => null; public abstract ContextInfo Info { get; }
            public CancellationToken Disconnected => default; public DisconnectReason? DisconnectReason => null;
            public abstract T Get<T>() where T : class; public abstract T Get<T>(CallOptions options) where T : class;
            public abstract Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default);
            public abstract IRemoteContext Through(Connection connection);
            public abstract IReadOnlyList<IRemoteContext> Children { get; } public abstract Task PingAsync(CancellationToken cancellationToken = default);
            public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => default;
            public ValueTask DisposeAsync() => default;
        }
        """);

    [Fact]
    public void A_referenced_assembly_serves()
    {
        MetadataReference contracts = TestCompiler.Generate(Contract, "Contracts").AssertClean().ToReference();
        MetadataReference services = TestCompiler.Generate(Service, "Services", references: contracts).AssertClean().ToReference();
        MetadataReference ungenerated = TestCompiler.Compile(Service, "Services", references: contracts).EmitToImageReference();

        Assert.Empty(Analyze(contracts, services));
        Assert.Equal("MITO064", Assert.Single(Analyze(contracts)).Id);
        Assert.Equal("MITO064", Assert.Single(Analyze(contracts, ungenerated)).Id);
    }

    [Fact]
    public void A_program_with_fakes_is_not_judged()
    {
        MetadataReference testing = TestCompiler.Compile("public class FakeContext;", "Mitogen.Testing").EmitToImageReference();
        MetadataReference contracts = TestCompiler.Generate(Contract, "Contracts").AssertClean().ToReference();

        Assert.Empty(Analyze(contracts, testing));
    }

    private static string ProgramWith(string call) => $"return await MitogenApp.RunAsync(args, app => Task.FromResult({call}));";

    private static IReadOnlyList<Diagnostic> Analyze(params MetadataReference[] references) =>
        TestCompiler.Generate(ProgramWith("app.Get<IC>()"), "Program", isExecutable: true, references).AssertClean().Analyze();
}
