using Mitogen.Connections;
using Mitogen.Processes;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting.Tools;

/// <summary>What the end of a tool says of a context that said no last word itself. The lines are those of the real tools.</summary>
public sealed class ToolEndTests
{
    private static readonly Connection s_ssh = new SshConnection("web1");

    public static TheoryData<Connection, int?, int?, string, bool, DisconnectKind, int?> Ends => new()
    {
        // ssh passes a status on; a signal not, and says nothing then.
        { s_ssh, 7, null, "", false, DisconnectKind.Exited, 7 },
        { s_ssh, 137, null, "", false, DisconnectKind.Exited, 137 },
        { s_ssh, 255, null, "", false, DisconnectKind.Exited, null },
        { s_ssh, 255, null, "Connection to web1 closed by remote host.", false, DisconnectKind.LinkBroken, null },
        { s_ssh, 255, null, "client_loop: send disconnect: Broken pipe", false, DisconnectKind.LinkBroken, null },
        { s_ssh, 255, null, "Timeout, server web1 not responding.", false, DisconnectKind.LinkBroken, null },
        { s_ssh, 255, null, "Read from remote host web1: Connection reset by peer", false, DisconnectKind.LinkBroken, null },
        { s_ssh, 255, null, "Killed by signal 15.", false, DisconnectKind.ToolEnded, null },
        { s_ssh, null, 9, "", false, DisconnectKind.ToolEnded, null },

        // sudo and su end as what they started; if the link is still held by then, it was not that which ended.
        { new SudoConnection(), null, 9, "", false, DisconnectKind.Exited, 137 },
        { new SudoConnection(), 7, null, "", false, DisconnectKind.Exited, 7 },
        { new SudoConnection(), null, 9, "", true, DisconnectKind.ToolEnded, null },
        { new SuConnection { User = "app" }, 137, null, "", false, DisconnectKind.Exited, 137 },
        { new NamespaceConnection(1), null, 11, "", false, DisconnectKind.Exited, 139 },

        // Tools of containers carry the bytes.
        { new DockerConnection("web"), 137, null, "", false, DisconnectKind.Exited, 137 },
        { new DockerConnection("web"), 3, null, "", false, DisconnectKind.Exited, 3 },
        { new DockerConnection("web"), null, 9, "", false, DisconnectKind.ToolEnded, null },
        { new DockerConnection("web"), 143, null, "", false, DisconnectKind.ToolEnded, null },
        { new DockerConnection("web"), 0, null, "", false, DisconnectKind.ToolEnded, null }, // its client, by SIGTERM
        { new DockerConnection("web"), 1, null, "Error response from daemon: shutting down", false, DisconnectKind.LinkBroken, null },
        { new KubernetesConnection("web"), 137, null, "command terminated with exit code 137", false, DisconnectKind.Exited, 137 },
        { new KubernetesConnection("web"), 1, null, "error: lost connection to pod", false, DisconnectKind.LinkBroken, null },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void It_is_told_what_ended(Connection connection, int? code, int? signal, string line, bool wasBeforeLink, DisconnectKind kind, int? status)
    {
        string[] lines = line.Length == 0 ? [] : ["something of the context's", line];
        DisconnectReason reason = ConnectionKinds.FindTool(connection, "marker")!.Tell(new CarrierEnd(new ChildExit(code, signal), lines, wasBeforeLink));
        Assert.Equal((kind, status), (reason.Kind, reason.ExitCode));
        if (kind == DisconnectKind.LinkBroken)
        {
            Assert.Contains(line.TrimEnd('.'), reason.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Authenticated to 127.0.0.1 ([127.0.0.1]:22) using \"publickey\".", false)]
    [InlineData("Authenticated to web1 (via proxy) using \"password\".", false)]
    [InlineData("Transferred: sent 3520, received 3328 bytes, in 0.1 seconds", false)]
    [InlineData("Bytes per second: sent 47980.1, received 45363.0", false)]
    [InlineData("Connection to 127.0.0.1 closed by remote host.", true)]
    [InlineData("Transferred: the money", true)]
    public void What_ssh_adds_to_each_login_is_not_shown(string line, bool isShown) =>
        Assert.Equal(isShown ? line : null, ConnectionKinds.FindTool(s_ssh, "marker")!.Show(line));
}
