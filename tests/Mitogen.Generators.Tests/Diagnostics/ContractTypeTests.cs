using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What contexts are asked for, and fakes are given, that is not a contract.</summary>
public sealed class ContractTypeTests
{
    private const string Types = """
         [Remote] public interface IA; [Remote] public interface IB : IA; public interface IPlain; public interface IMore : IA; public interface IOpen<T>;
        public class A : IA; public class B : IB; public class Plain : IPlain; public struct Value : IA;
        public class Fakes
        {
            public Fakes Add<[ContractType] T>(T service) where T : class => this;
            public virtual void Serve<TName, [ContractType] TService>(TService service) { }
        }
        public class MoreFakes : Fakes { public override void Serve<TName, TService>(TService service) { } }
        public class Own(IRemoteContext inner) : IRemoteContext
        {
            public string Name => ""; public uint Id => 1; public IRemoteContext? Parent => null; public ContextInfo Info => inner.Info;
            public CancellationToken Disconnected => default; public DisconnectReason? DisconnectReason => null;
            T IRemoteContext.Get<T>() => inner.Get<T>();
            public T Get<T>(CallOptions options) where T : class => inner.Get<T>(options);
            public T Get<T>(string other) where T : class => throw new NotSupportedException(other);
            public Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default) => inner.ConnectAsync(connection, cancellationToken);
            public IRemoteContext Through(Connection connection) => this;
            public IReadOnlyList<IRemoteContext> Children => []; public Task PingAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
            public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => default;
            public ValueTask DisposeAsync() => default;
        }
        public static class Wrappers
        {
            public static T Ask<[ContractType] T>(this IRemoteContext c) where T : class => c.Get<T>();
            public static T AskUnmarked<T>(this IRemoteContext c) where T : class => c.Get<T>();
        }
        """;

    [Theory]
    [InlineData("c.Get<IA>(); c.Get<IB>(new CallOptions()); own.Get<IA>(new CallOptions()); c.Ask<IA>(); fakes.Add<IA>(new A()); fakes.Add(c.Get<IA>());", "")]
    [InlineData("own.Get<Plain>(\"\"); c.AskUnmarked<Plain>(); c.Get<IA?>(); _ = nameof(c.Get);", "")]
    [InlineData("c.Get<{|MITO063:IPlain|}>();", "'IPlain' is not a contract, and 'Get' takes no other type: mark it [Remote]")]
    [InlineData("c.Get<{|MITO063:IMore|}>(new CallOptions());", "'IMore' is not a contract, and 'Get' takes no other type: mark it [Remote]")]
    [InlineData("c?.Get<{|MITO063:A|}>();", "'A' is not a contract, and 'Get' takes no other type: name 'IA', which it implements")]
    [InlineData("c.Get<{|MITO063:B|}>();", "'B' is not a contract, and 'Get' takes no other type: name one of 'IB', 'IA', which it implements")]
    [InlineData("((IRemoteContext)own).Get<{|MITO063:Plain|}>();", "'Plain' is not a contract, and 'Get' takes no other type: name an interface that is marked [Remote]")]
    [InlineData("own.Get<{|MITO063:Plain|}>(new CallOptions());", "name an interface that is marked [Remote]")]
    [InlineData("c.Get<{|MITO063:string|}>(); c.Get<{|MITO063:int[]|}>(); c.Get<{|MITO063:Action|}>(); c.Get<{|MITO063:object|}>();", "name an interface that is marked [Remote]")]
    [InlineData("c.Get<{|MITO063:IDisposable|}>(); c.Get<{|MITO063:IOpen<int>|}>();", "name an interface that is marked [Remote]")]
    [InlineData("c.Get<{|MITO063:IRemoteContext|}>();", "mark it [Remote] where it is declared")]
    [InlineData("c.Get<{|MITO063:dynamic|}>();", "name an interface that is marked [Remote]")]
    [InlineData("Func<IPlain> get = c.Get<{|MITO063:IPlain|}>;", "mark it [Remote]")]
    [InlineData("c.Ask<{|MITO063:IPlain|}>(); Wrappers.Ask<{|MITO063:IPlain|}>(c);", "'IPlain' is not a contract, and 'Ask' takes no other type: mark it [Remote]")]
    [InlineData("fakes.Add<{|MITO063:A|}>(new A()); fakes.{|MITO063:Add|}(new A());", "'A' is not a contract, and 'Add' takes no other type: name 'IA', which it implements")]
    [InlineData("fakes.Serve<string, {|MITO063:A|}>(new A()); new MoreFakes().Serve<string, {|MITO063:A|}>(new A());", "'A' is not a contract, and 'Serve' takes no other type: name 'IA', which it implements")]
    public void Calls(string statements, string message)
    {
        Diagnostic[] reported = DiagnosticAssert.Reported(
            $"#nullable disable\npublic class Code {{ void M(IRemoteContext c, Own own, Fakes fakes) {{ {statements} }} }}\n#nullable enable\n" + Types);

        Assert.All(reported, d => Assert.EndsWith(message, d.Message(), StringComparison.Ordinal));
    }

    [Fact]
    public void Types_of_other_assemblies()
    {
        MetadataReference ungenerated = TestCompiler.Compile("[Remote] public interface IFolder; public interface IThing;", "Library").EmitToImageReference();

        Diagnostic[] reported = DiagnosticAssert.Reported(
            "public class Code { void M(IRemoteContext c) { c.Get<{|MITO026:IFolder|}>(); c.Get<{|MITO063:IThing|}>(); } }", ungenerated);

        Assert.Contains(reported, static d => d.Message().EndsWith("mark it [Remote] where it is declared", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("c.Get<Missing>();")]
    [InlineData("c.Get<List<Missing>>();")]
    [InlineData("c.Get<int>();")]
    [InlineData("c.Get<Value>();")]
    [InlineData("c.Get<>();")]
    [InlineData("c.Get();")]
    [InlineData("c.Get<IPlain, IPlain>();")]
    [InlineData("c.Get<IPlain>(3);")]
    [InlineData("c.Missing<IPlain>();")]
    [InlineData("missing.Get<IPlain>();")]
    [InlineData("c.Get<IPlain")]
    [InlineData("c.Get<IPlain>")]
    [InlineData("c.Get<System.>();")]
    public void Errors_of_the_compiler_stand_alone(string statements)
    {
        GeneratedSample sample = TestCompiler.Generate(
            $"public interface IPlain; public struct Value; public class Code {{ void M(IRemoteContext c) {{ {statements} }} }}");

        Assert.Contains(sample.Output.GetDiagnostics(), static d => d.Severity == DiagnosticSeverity.Error);
        Assert.Empty(sample.Analyze());
    }
}
