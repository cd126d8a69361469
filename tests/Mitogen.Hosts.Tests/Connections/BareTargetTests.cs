namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Targets that lack what others have.</summary>
public sealed class BareTargetTests : ConnectionTest
{
    [Fact]
    public async Task Without_proc_a_context_comes_up_and_nothing_is_left()
    {
        TestHost.Needs("busybox", "chroot");
        string folder = Directory.CreateTempSubdirectory("test-chroot-").FullName;
        await BusyboxRoot.MakeAsync(folder);
        _ = await HostCommand.OutputAsync("mknod", "-m", "666", $"{folder}/dev/null", "c", "1", "3");
        _ = await HostCommand.OutputAsync("mknod", "-m", "666", $"{folder}/dev/zero", "c", "1", "5");
        HostListing before = await HostListing.OfFolderAsync(folder);
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native))
        {
            await using IRemoteContext context = await root.ConnectAsync(
                new ExecConnection("env", "-i", "HOME=/root", "PATH=/bin", HostCommand.Find("chroot")!, folder), Cancellation);
            await AnswersAsync(context);
            await before.AssertUnchangedAsync();
        }

        await before.AssertUnchangedAsync();
        Directory.Delete(folder, recursive: true);
    }
}
