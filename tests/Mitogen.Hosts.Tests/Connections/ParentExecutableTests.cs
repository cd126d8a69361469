using Mitogen.Executables;
using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Native contexts that are started from managed ones, which have no executable and ask those above them.</summary>
public sealed class ParentExecutableTests(SshServer server, DockerHost docker) : ConnectionTest, IClassFixture<SshServer>, IClassFixture<DockerHost>
{
    private const string User = "mito-dash";

    [Theory]
    [InlineData(ExecutableKind.Native)]
    [InlineData(ExecutableKind.Auto)]
    public async Task A_managed_context_of_this_machine_starts_one_of_another_account(ExecutableKind executable)
    {
        TestHost.Needs("sudo");
        HostListing before = await HostListing.OfUsersAsync(User);
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native))
        {
            await using IRemoteContext managed = await root.ConnectAsync(new LocalConnection { Isolated = true }, Cancellation);
            Assert.False(IsNative(managed));
            IRemoteContext[] several = await Task.WhenAll(Enumerable.Range(0, 3)
                .Select(_ => managed.ConnectAsync(new SudoConnection { User = User, Executable = executable }, Cancellation)));
            foreach (IRemoteContext native in several)
            {
                await AnswersAsync(native, User);
                Assert.True(IsNative(native));
            }

            // It is the program itself, and needs nobody for those that it starts.
            await using IRemoteContext further = await several[0].ConnectAsync(new ExecConnection("env") { Executable = executable }, Cancellation);
            await AnswersAsync(further, User);
            Assert.True(IsNative(further));
        }

        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task A_managed_context_starts_one_beside_itself()
    {
        TestHost.Needs();
        await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
        await using IRemoteContext managed = await root.ConnectAsync(new LocalConnection { Isolated = true }, Cancellation);
        await using IRemoteContext native = await managed.ConnectAsync(new LocalConnection { Executable = ExecutableKind.Native }, Cancellation);
        await AnswersAsync(native);
        Assert.True(IsNative(native));
        await using IRemoteContext auto = await managed.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.False(IsNative(auto));
    }

    [Fact]
    public async Task A_managed_context_behind_ssh_starts_one_in_a_container_with_busybox_alone()
    {
        server.SkipUnlessThere();
        docker.SkipUnlessThere();
        TestHost.Needs("sudo");
        HostListing before = await HostListing.OfContainerAsync(docker.Command("exec", docker.Container));
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native))
        {
            SshConnection ssh = new(SshServer.Host)
            {
                Port = server.Port,
                User = TestHost.FreeUser,
                IdentityFile = server.IdentityFile,
                KnownHostsFile = server.KnownHostsFile,
                ConfigFile = "none",
                Executable = ExecutableKind.Managed,
            };
            await using IRemoteContext managed = await root.ConnectAsync(ssh, Cancellation);
            Assert.False(IsNative(managed));
            DockerConnection container = new(docker.Container)
            {
                DockerPath = Scripts.Write($"exec sudo -n {HostCommand.Find("docker")} -H {docker.Address} \"$@\""),
                Executable = ExecutableKind.Native,
            };
            await using IRemoteContext native = await managed.ConnectAsync(container, Cancellation);
            await AnswersAsync(native, "root");
            await using IRemoteContext auto = await managed.ConnectAsync(container with { Executable = ExecutableKind.Auto }, Cancellation);
            await AnswersAsync(auto, "root");
        }

        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task Where_nobody_has_one_it_is_told_as_at_the_root_and_Auto_is_managed()
    {
        TestHost.Needs();
        string folder = Directory.CreateTempSubdirectory("test-uname-").FullName;
        try
        {
            string uname = Path.Combine(folder, "uname");
            File.WriteAllText(uname, "#!/bin/sh\necho Linux aarch64\n");
            File.SetUnixFileMode(uname, (UnixFileMode)0b111_101_101);
            ExecConnection other = new("env", $"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}");
            await using MitogenRoot root = await CreateRootAsync();
            await using IRemoteContext managed = await root.ConnectAsync(new LocalConnection { Isolated = true }, Cancellation);

            HostListing target = await HostListing.OfFolderAsync(folder);
            BootstrapException here = await FailsAsync(root, other with { Executable = ExecutableKind.Native }, BootstrapReason.AgentMissing, target);
            BootstrapException there = await FailsAsync(managed, other with { Executable = ExecutableKind.Native }, BootstrapReason.AgentMissing, target);

            Assert.Contains(Path.Combine(AppContext.BaseDirectory, "executables/linux-arm64/Mitogen.NativeProgram"), here.Detail, StringComparison.Ordinal);
            Assert.Contains($"{NativeExecutables.Command} -p:MitogenExecutableRids=linux-arm64", here.Detail, StringComparison.Ordinal);
            Assert.StartsWith(here.Detail, there.Detail, StringComparison.Ordinal);
            await using IRemoteContext auto = await managed.ConnectAsync(other, Cancellation);
            await AnswersAsync(auto);
            Assert.False(IsNative(auto));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of a context of this machine: managed ones have the runtime's library mapped.</summary>
    private static bool IsNative(IRemoteContext context) =>
        !File.ReadAllText($"/proc/{context.Info.ProcessId}/maps").Contains("libcoreclr.so", StringComparison.Ordinal);
}
