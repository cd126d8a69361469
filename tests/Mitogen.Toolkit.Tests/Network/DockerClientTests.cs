using Docker.DotNet;
using Docker.DotNet.Models;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>Docker.DotNet and a daemon whose socket another context may open.</summary>
public sealed class DockerClientTests(DockerHost docker) : LeakCheckedTest, IClassFixture<DockerHost>
{
    [Fact]
    public async Task Docker_DotNet_reaches_the_socket_of_another_context()
    {
        docker.SkipUnlessThere();
        string folder = Directory.CreateTempSubdirectory("mitogen-toolkit-").FullName;
        await using (MitogenRoot root = MitogenRoot.Create())
        {
            IRemoteContext host = await root.ConnectAsync(new LocalConnection(), Cancellation);
            await using PortForward forward = host.Get<INetwork>().Forward($"unix:{folder}/docker.sock", docker.Address);
            using DockerClientConfiguration configuration = new(new Uri($"unix://{folder}/docker.sock"));
            using DockerClient client = configuration.CreateClient();

            IList<ContainerListResponse> containers = await client.Containers.ListContainersAsync(new ContainersListParameters(), Cancellation);
            Assert.Contains(containers, container => container.Names.Contains("/" + docker.Container));

            // The connection of this becomes one of bytes in both directions, of which each ends by itself.
            ContainerExecCreateResponse cat = await client.Exec.ExecCreateContainerAsync(
                docker.Container, new ContainerExecCreateParameters { AttachStdin = true, AttachStdout = true, Cmd = ["cat"] }, Cancellation);
            using MultiplexedStream stream = await client.Exec.StartAndAttachContainerExecAsync(cat.ID, false, Cancellation);
            await stream.WriteAsync("hello"u8.ToArray(), 0, 5, Cancellation);
            stream.CloseWrite();
            (string output, _) = await stream.ReadOutputToEndAsync(Cancellation);
            Assert.Equal("hello", output);
        }

        Directory.Delete(folder);
    }
}
