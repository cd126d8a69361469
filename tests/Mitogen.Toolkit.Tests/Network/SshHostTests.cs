using System.Net.Sockets;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>The toolkit on a host behind a real sshd, and on another one behind it.</summary>
public sealed class SshHostTests(RootSshServer server) : LeakCheckedTest, IClassFixture<RootSshServer>
{
    [Fact]
    public async Task A_chain_by_ssh_runs_connects_and_tells()
    {
        server.SkipUnlessThere();
        string path = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        await using MitogenRoot root = MitogenRoot.Create();
        await using EchoServer echo = EchoServer.OnUnix(path);
        IRemoteContext first = await root.ConnectAsync(server.Connection, Cancellation);
        IRemoteContext second = await first.ConnectAsync(new LocalConnection(), Cancellation);
        foreach (IRemoteContext host in (IRemoteContext[])[first, second])
        {
            Assert.Equal("root\n", (await host.Get<IProcesses>().RunAsync("whoami", [], Cancellation)).EnsureSuccess().Output);
            Assert.Equal("root", (await host.Get<ISystem>().GetFactsAsync(Cancellation)).UserName);
            await using PortForward forward = host.Get<INetwork>().Forward($"unix:{path}-here", $"unix:{path}");
            using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint($"{path}-here"), Cancellation);
            _ = await client.SendAsync("hello"u8.ToArray(), Cancellation);
            byte[] answer = new byte[5];
            using NetworkStream stream = new(client);
            await stream.ReadExactlyAsync(answer, Cancellation);
            Assert.Equal("hello"u8.ToArray(), answer);
        }

        File.Delete(path);
    }
}
