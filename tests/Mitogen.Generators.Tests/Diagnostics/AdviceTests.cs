using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What an error advises helps: done as it says, the code builds.</summary>
public sealed class AdviceTests
{
    [Theory]
    [InlineData("Microsoft.Extensions.Logging.ILogger", "take an ILogger<T> in its constructor", "string")]
    [InlineData("Microsoft.Extensions.Logging.ILogger<IC>", "take an ILogger<T> in its constructor", "string")]
    [InlineData("IRemoteContext", "send a contract that its Get gives", "IC")]
    [InlineData("IServiceProvider", "take them in its constructor", "string")]
    [InlineData("System.Threading.Channels.ChannelReader<int>", "declare IAsyncEnumerable<T>, and give its ReadAllAsync()", "IAsyncEnumerable<int>")]
    [InlineData("System.Threading.Channels.ChannelWriter<int>", "IProgress<T> for reports", "IProgress<int>")]
    [InlineData("System.Threading.Channels.Channel<int>", "declare IAsyncEnumerable<T>", "IAsyncEnumerable<int>")]
    [InlineData("IObservable<int>", "declare IAsyncEnumerable<T>", "IAsyncEnumerable<int>")]
    [InlineData("IObserver<int>", "declare IProgress<T>", "IProgress<int>")]
    [InlineData("IAsyncEnumerator<int>", "declare IAsyncEnumerable<T>", "IAsyncEnumerable<int>")]
    [InlineData("IEnumerator<int>", "send a list", "List<int>")]
    [InlineData("System.Collections.IEnumerable", "declare IEnumerable<T>", "IEnumerable<int>")]
    [InlineData("CancellationTokenSource", "make a CancellationToken a parameter", "CancellationToken")]
    [InlineData("System.Net.IPAddress", "send its ToString(), and read that by IPAddress.Parse", "string")]
    [InlineData("System.Net.IPEndPoint", "send its ToString(), and read that by IPEndPoint.Parse", "string")]
    [InlineData("System.Text.RegularExpressions.Regex", "send its ToString() and its Options", "(string, System.Text.RegularExpressions.RegexOptions)")]
    [InlineData("System.Text.Json.JsonElement", "send its GetRawText()", "string")]
    [InlineData("System.Text.Json.JsonDocument", "send its RootElement.GetRawText()", "string")]
    [InlineData("System.Text.Json.Nodes.JsonObject", "send its ToJsonString()", "string")]
    [InlineData("System.Xml.Linq.XElement", "send its ToString()", "string")]
    [InlineData("System.Xml.XmlDocument", "send its OuterXml", "string")]
    [InlineData("FileInfo", "send its FullName, or a Stream", "Stream")]
    [InlineData("System.Text.Encoding", "send its WebName", "string")]
    [InlineData("System.Security.SecureString", "send a Mitogen.Secret", "Secret")]
    [InlineData("System.Security.Cryptography.X509Certificates.X509Certificate2", "send its RawData", "byte[]")]
    [InlineData("System.Diagnostics.Process", "send its Id", "int")]
    [InlineData("Microsoft.Extensions.DependencyInjection.IServiceCollection", "declare the type that is sent, or a [Remote] interface", "IC")]
    public void What_to_send_instead_of_a_type(string type, string advice, string instead)
    {
        Diagnostic diagnostic = DiagnosticAssert.Reported(
            $$"""[Remote] public interface IC { Task M({|MITO012:{{type}}|} x); }""").Single();
        Assert.Contains(advice, diagnostic.Message(), StringComparison.Ordinal);

        DiagnosticAssert.Reported($$"""[Remote] public interface IC { Task M({{instead}} x); }""");
    }

    [Fact]
    public void Contracts_that_share_a_base_contract()
    {
        const string Services = """
            public interface IA : IBase;
            public interface IB : IBase;
            [RemoteService] public class A : IA { public void M() { } }
            [RemoteService] public class {|MITO024:B|} : IB { public void M() { } }
            """;
        string marked = "[Remote] public interface IBase { void M(); } " + Services.Replace("public interface", "[Remote] public interface", StringComparison.Ordinal);

        Diagnostic diagnostic = DiagnosticAssert.Reported(marked).Single();

        Assert.EndsWith(
            ": take [Remote] off 'IBase', whose methods are then those of each contract that inherits it", diagnostic.Message(), StringComparison.Ordinal);
        TestCompiler.Generate(new Markup(marked.Replace("[Remote] public interface IBase", "public interface IBase", StringComparison.Ordinal)).Source).AssertClean();
    }

    [Fact]
    public void Contracts_of_another_project_that_share_a_base_contract()
    {
        MetadataReference library = TestCompiler.Generate("""
            [Remote] public interface IBase { void M(); }
            [Remote] public interface IA : IBase;
            [RemoteService] public class A : IA { public void M() { } }
            """, "Library").AssertClean().ToReference();

        GeneratedSample program = TestCompiler.Generate(
            "[Remote] public interface IB : IBase; [RemoteService] public class B : IB { public void M() { } }", "Program", isExecutable: true, library);

        Assert.EndsWith("take [Remote] off 'IBase', whose methods are then those of each contract that inherits it", program.Diagnostics.Single().Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_services_of_one_contract() => Assert.EndsWith(": take [RemoteService] off one of them", DiagnosticAssert.Reported("""
        [Remote] public interface IA { void M(); }
        [RemoteService] public class A : IA { public void M() { } }
        [RemoteService] public class {|MITO024:B|} : IA { public void M() { } }
        """).Single().Message(), StringComparison.Ordinal);

    [Fact]
    public void A_plain_type_within_a_packable_one()
    {
        const string Source = """
            public class Plain { public int A { get; set; } }
            [MemoryPack.MemoryPackable] public partial class Order { [MemoryPack.MemoryPackAllowSerialize] public Plain? Part { get; set; } }
            [Remote] public interface IC { Task M(Order order); }
            """;

        Diagnostic diagnostic = TestCompiler.Generate(TestCompiler.Compile(Source).AddPackables()).Diagnostics.Single();

        Assert.Equal("MITO050", diagnostic.Id);
        Assert.EndsWith(": mark it [MemoryPackable], too, or take that mark off the type around it", diagnostic.Message(), StringComparison.Ordinal);
        TestCompiler.Generate(TestCompiler.Compile(Source
            .Replace("public class Plain", "[MemoryPack.MemoryPackable] public partial class Plain", StringComparison.Ordinal)).AddPackables()).AssertClean();
        TestCompiler.Generate(Source
            .Replace("[MemoryPack.MemoryPackable] public partial", "public", StringComparison.Ordinal)
            .Replace("[MemoryPack.MemoryPackAllowSerialize] ", "", StringComparison.Ordinal)).AssertClean();
    }
}
