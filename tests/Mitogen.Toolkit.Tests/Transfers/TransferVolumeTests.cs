using Mitogen.Toolkit.Files;
using Mitogen.Toolkit.Interop;
using Mitogen.Toolkit.Transfers;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>Transfers into file systems that the tests mount.</summary>
public sealed class TransferVolumeTests : TransferTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_file_system_that_the_tree_reaches_into_is_flushed(bool isMounted)
    {
        Write("a", "");
        Write("one/two/b", "");
        Directory.CreateDirectory(Source + "/one/empty");
        using MountedMemory? top = isMounted ? new(Target) : null;
        using MountedMemory? inner = isMounted ? new(Target + "/one/two") : null;
        SourceBytes bytes = await TransferEnd.Here.Open(Source, new SourceSettings(false, false, TransferLinks.Copy, 100, 100)).StartAsync(Cancellation);
        SinkSettings settings = new(
            TransferComparison.SizeAndTime,
            Permissions: true,
            Owners: false,
            Times: true,
            Flush: true,
            Delete: false,
            DryRun: false,
            MaxEntries: 100,
            MaxBytes: 100,
            MaxDepth: 100,
            MaxListed: 100);

        using SinkRun run = new(Target, settings, new FileFailures("here"), new Progress<SinkAnswers>());
        await run.ReceiveAsync(new WireReader(bytes.Head, null), Cancellation);

        string[] expected = isMounted ? [Target, Target + "/one/two"] : [Folder];
        Assert.Equal(
            expected.Select(path => (FolderHandle.TryStat(path, followLinks: true, out RawStat stat), stat.DeviceMajor, stat.DeviceMinor)).Order(),
            run.Volumes.Select(volume => (volume.TryStatSelf(out RawStat stat), stat.DeviceMajor, stat.DeviceMinor)).Order());
    }
}
