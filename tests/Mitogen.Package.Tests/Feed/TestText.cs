using System.Globalization;
using System.Text;

namespace Mitogen.Package.Tests.Feed;

/// <summary>The two tests that strangers write, in the words of their framework.</summary>
internal static class TestText
{
    public static readonly string OfXunit = Of("Xunit", "", "Fact", "Assert.StartsWith(\"Hello, world\", {0})");

    /// <param name="space">The framework's namespace.</param>
    /// <param name="mark">What stands before a class of tests.</param>
    /// <param name="attribute">What marks a test.</param>
    /// <param name="check">The check that the text in the place of <c>{0}</c> greets.</param>
    public static string Of(string space, string mark, string attribute, string check) => $$"""
        using Mitogen;
        using Mitogen.Testing;
        using {{space}};

        {{mark}}
        public sealed class GreeterTests
        {
            [{{attribute}}]
            public async Task Greets_from_a_process()
            {
                await using MitogenRoot root = MitogenRoot.Create();
                foreach (Connection connection in new Connection[] { new LocalConnection(), new LocalConnection { Isolated = true }, new ExecConnection("env") })
                {
                    await using IRemoteContext context = await root.ConnectAsync(connection);
                    {{Check(check)}}
                }
            }

            [{{attribute}}]
            public async Task Greets_from_a_fake()
            {
                await using InProcessRoot root = InProcessRoot.Create();
                root.OnConnect<SshConnection>(ssh => new FakeContext());
                await using IRemoteContext context = await root.ConnectAsync(new SshConnection("web1"));
                {{Check(check)}}
            }
        }


        """;

    private static string Check(string check) =>
        string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(check), "await context.Get<IGreeter>().GreetAsync(\"world\")") + ";";
}
