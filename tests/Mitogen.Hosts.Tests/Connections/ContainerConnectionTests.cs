using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Contexts in containers that have busybox and nothing else.</summary>
public sealed class ContainerConnectionTests(DockerHost docker, LxcHost lxc) : ConnectionTest, IClassFixture<DockerHost>, IClassFixture<LxcHost>
{
    [Theory]
    [InlineData(null)]
    [InlineData(BusyboxRoot.User)]
    public async Task A_native_context_comes_up_in_a_container_with_busybox_alone_and_leaves_nothing(string? user)
    {
        docker.SkipUnlessThere();
        HostListing before = await HostListing.OfContainerAsync(docker.Command("exec", docker.Container));
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native))
        {
            await using IRemoteContext context = await root.ConnectAsync(Docker() with { User = user }, Cancellation);
            await AnswersAsync(context, user ?? "root");

            // The child has the bytes for its own children.
            await using IRemoteContext further = await context.ConnectAsync(new LocalConnection(), Cancellation);
            await AnswersAsync(further);
            await using IRemoteContext shell = await context.ConnectAsync(new ExecConnection("env"), Cancellation);
            await AnswersAsync(shell);
        }

        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task A_container_is_made_of_an_image_and_goes_with_its_context()
    {
        docker.SkipUnlessThere();
        HostListing before = await docker.ListContainersAsync();
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native))
        {
            DockerConnection connection = Docker() with { Container = null, Image = DockerHost.Image, Options = ["--network", "none"] };
            await using IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
            await AnswersAsync(context);
            Assert.Equal(12, context.Info.HostName.Length);
        }

        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task Each_failure_has_its_reason()
    {
        docker.SkipUnlessThere();
        await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
        HostListing target = await HostListing.OfContainerAsync(docker.Command("exec", docker.Container));
        _ = await FailsAsync(root, Docker() with { Executable = ExecutableKind.Managed }, BootstrapReason.NoRuntime, target);
        _ = await FailsAsync(root, Docker() with { Container = "no-such-container" }, BootstrapReason.NoSuchContainer, target);
        _ = await FailsAsync(root, Docker() with { User = "nobody-at-all" }, BootstrapReason.NotAllowed, target);
        _ = await FailsAsync(root, Docker() with { DockerPath = Scripts.Write("exec docker -H unix:///nowhere/socket \"$@\"") }, BootstrapReason.Refused, target);

        // A container that was made of an image goes with the start that failed.
        DockerConnection image = Docker() with { Container = null, Image = DockerHost.Image, Options = ["--network", "none"] };
        HostListing containers = await docker.ListContainersAsync();
        _ = await FailsAsync(root, image with { Executable = ExecutableKind.Managed }, BootstrapReason.NoRuntime, containers);
        _ = await FailsAsync(root, image with { Image = "no-such-image:none" }, BootstrapReason.NoSuchContainer, containers);

        string readOnly = await docker.StartContainerAsync("--read-only", "--tmpfs", "/tmp:noexec");
        BootstrapException nowhere = await FailsAsync(
            root, Docker() with { Container = readOnly }, BootstrapReason.NowhereToExecute,
            await HostListing.OfContainerAsync(docker.Command("exec", readOnly)));
        Assert.Contains("/dev/shm", nowhere.Message, StringComparison.Ordinal);

        string small = await docker.StartContainerAsync("--read-only", "--tmpfs", "/tmp:exec,size=1m", "--tmpfs", "/var/tmp:exec,size=1m");
        _ = await FailsAsync(
            root, Docker() with { Container = small }, BootstrapReason.NowhereToExecute,
            await HostListing.OfContainerAsync(docker.Command("exec", small)));

        string stopped = await docker.StartContainerAsync();
        _ = await HostCommand.OutputAsync(docker.Command("kill", stopped));
        _ = await FailsAsync(root, Docker() with { Container = stopped }, BootstrapReason.NoSuchContainer, target);
    }

    [Fact]
    public async Task Read_only_roots_with_one_place_that_allows_execution_do()
    {
        docker.SkipUnlessThere();
        string container = await docker.StartContainerAsync("--read-only", "--tmpfs", "/tmp:noexec", "--tmpfs", "/var/tmp:exec,size=16m");
        await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
        await using IRemoteContext context = await root.ConnectAsync(Docker() with { Container = container }, Cancellation);
        await AnswersAsync(context);
        Assert.Equal("", await HostCommand.OutputAsync(docker.Command("exec", container, "find", "/var/tmp", "/tmp", "-mindepth", "1")));
    }

    [Fact]
    public async Task A_native_context_comes_up_in_an_lxc_container_and_in_its_namespaces()
    {
        lxc.SkipUnlessThere();
        TestHost.Needs("nsenter");
        string attach = Scripts.Write($"exec lxc-attach -P {lxc.Path} \"$@\"");
        int leader = int.Parse(
            await HostCommand.OutputAsync("lxc-info", "-P", lxc.Path, "-n", LxcHost.Container, "-pH"), System.Globalization.CultureInfo.InvariantCulture);
        await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
        HostListing target = await HostListing.OfContainerAsync(lxc.Command());
        Connection[] connections = [new LxcConnection(LxcHost.Container) { LxcAttachPath = attach }, new NamespaceConnection(leader)];
        foreach (Connection connection in connections)
        {
            await using IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
            await AnswersAsync(context);
            Assert.Equal(LxcHost.Container, context.Info.HostName);
        }

        _ = await FailsAsync(root, new LxcConnection("no-such-container") { LxcAttachPath = attach }, BootstrapReason.NoSuchContainer, target);
        _ = await FailsAsync(root, new NamespaceConnection(int.MaxValue), BootstrapReason.NoSuchContainer, target);
        _ = await FailsAsync(root, new NamespaceConnection(leader) { Executable = ExecutableKind.Managed }, BootstrapReason.NoRuntime, target);
    }

    private DockerConnection Docker() => new(docker.Container)
    {
        DockerPath = Scripts.Write($"exec docker -H {docker.Address} \"$@\""),
        ConnectTimeout = TimeSpan.FromSeconds(20),
    };
}
