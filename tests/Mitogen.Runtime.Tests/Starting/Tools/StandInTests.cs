using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Starting.Tools;

/// <summary>Whole starts by tools that are not here: a script takes the tool's place, writes its arguments down and runs what it is told to.</summary>
public sealed partial class StandInTests : LeakCheckedTest
{
    public static TheoryData<Func<string, Connection>, string> Tools { get; } = new()
    {
        {
            path => new SudoConnection { SelinuxRole = "sysadm_r", SelinuxType = "sysadm_t", SudoPath = path },
            "-S|-p|[mitogen:marker]|-u|root|-r|sysadm_r|-t|sysadm_t|--"
        },
        { path => new PodmanConnection("web") { PodmanPath = path }, "exec|-i|web" },
        { path => new KubernetesConnection("web-0") { Namespace = "prod", KubectlPath = path }, "exec|-i|-n|prod|web-0|--" },
        { path => new LxcConnection("web") { LxcAttachPath = path }, "-n|web|--" },
        { path => new IncusConnection("web") { IncusPath = path }, "exec|--mode=non-interactive|web|--" },
        { path => new NamespaceConnection(42) { NsenterPath = path }, "-t|42|-m|-u|-i|-n|-p|--" },
        { path => new NspawnConnection("web") { NsenterPath = path, MachinectlPath = Scripts.Write("[ \"$*\" = 'show -p Leader --value web' ] && echo 4711") }, "-t|4711|-m|-u|-i|-n|-p|--" },
    };

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task A_tool_is_given_its_words_and_the_shell_behind_it_becomes_a_context(Func<string, Connection> connect, string words)
    {
        string seen = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        string tool = Scripts.Write($$"""
            while [ $# -gt 3 ]; do printf '%s|' "$1"; shift; done > {{seen}}
            exec "$@"
            """);
        await using var root = MitogenRoot.Create();
        try
        {
            await using IRemoteContext context = await root.ConnectAsync(connect(tool), Cancellation);

            Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
            Assert.Equal(words, Marker().Replace(await File.ReadAllTextAsync(seen, Cancellation), "mitogen:marker").TrimEnd('|'));

            // From a context, the same.
            await using IRemoteContext local = await root.ConnectAsync(new LocalConnection(), Cancellation);
            await using IRemoteContext further = await local.ConnectAsync(connect(tool), Cancellation);
            Assert.Equal("well", await further.Get<IProbe>().EchoAsync("well"));
        }
        finally
        {
            File.Delete(seen);
        }
    }

    [Theory]
    [InlineData("right", null)]
    [InlineData("right\necho injected >&2", BootstrapReason.PasswordWrong)]
    [InlineData("", BootstrapReason.PasswordWrong)]
    public async Task A_password_is_one_line_or_is_not_typed(string password, BootstrapReason? reason)
    {
        // As sudo does: asks with the prompt that it is given, once more if it is wrong, and then runs the command behind the two dashes.
        string sudo = Scripts.Write("""
            printf '%s' "$3" >&2; read -r answer
            [ "$answer" = right ] || { echo 'Sorry, try again.' >&2; printf '%s' "$3" >&2; read -r answer; exit 1; }
            while [ "$1" != -- ]; do shift; done; shift; exec "$@"
            """);
        await using var root = MitogenRoot.Create();
        SudoConnection connection = new() { SudoPath = sudo, Password = password };
        if (reason is null)
        {
            await using IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
            Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
            return;
        }

        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.Equal(reason, failure.Reason);
        Assert.DoesNotContain("injected", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_to_a_shell_becomes_a_context()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TcpClient client = new();
        Task<Socket> accepting = listener.AcceptSocketAsync(Cancellation).AsTask();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        using Socket server = await accepting;
        using System.Diagnostics.Process shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Task up = new NetworkStream(server).CopyToAsync(shell.StandardInput.BaseStream, Cancellation)
            .ContinueWith(_ => shell.StandardInput.Close(), TaskScheduler.Default);
        Task down = shell.StandardOutput.BaseStream.CopyToAsync(new NetworkStream(server), Cancellation)
            .ContinueWith(_ => server.Shutdown(SocketShutdown.Send), TaskScheduler.Default);

        await using (var root = MitogenRoot.Create())
        {
            IRemoteContext context = await root.ConnectAsync(new StreamConnection(client.GetStream()), Cancellation);
            Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));

            IRemoteContext local = await root.ConnectAsync(new LocalConnection(), Cancellation);
            await Assert.ThrowsAsync<ArgumentException>(() => local.ConnectAsync(new StreamConnection(Stream.Null), Cancellation));
        }

        await shell.WaitForExitAsync(Cancellation);
        await Task.WhenAll(up, down);
        shell.StandardOutput.Dispose(); // which a process that is disposed leaves open
        client.Dispose();
    }

    [GeneratedRegex("mitogen:[0-9a-f]{32}")]
    private static partial Regex Marker();
}
