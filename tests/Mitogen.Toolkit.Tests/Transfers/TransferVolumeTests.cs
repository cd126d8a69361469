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

    [Fact]
    public async Task A_disk_that_becomes_full_ends_a_transfer_which_goes_on_when_there_is_room()
    {
        for (int i = 0; i < 12; i++)
        {
            Write($"{i % 3}/{i}", Content(i, 500_000));
        }

        using MountedMemory disk = new(Target, "size=4m");
        IRemoteContext context = await ConnectAsync();

        TransferException full = await Assert.ThrowsAsync<TransferException>(() => context.UploadAsync(Source, Target, null, null, Cancellation));

        // What is there: whole files, which the message counts, and one part.
        string[] present = Directory.GetFiles(Target, "*", SearchOption.AllDirectories);
        string part = Assert.Single(present, p => p.EndsWith(".mitogen-part", StringComparison.Ordinal));
        string[] whole = [.. present.Where(p => p != part)];
        Assert.All(whole, p => Assert.Equal(File.ReadAllBytes(p.Replace(Target, Source, StringComparison.Ordinal)), File.ReadAllBytes(p)));
        Assert.InRange(whole.Length, 5, 8);
        Assert.Equal((whole.Length, 12, true), (full.Progress.Files, full.Progress.TotalFiles, full.Progress.IsTotalKnown));
        Assert.InRange(full.Progress.Bytes, whole.Length * 500_000L, (whole.Length + 1) * 500_000L);
        Assert.Contains($"broke off after {whole.Length} files and {full.Progress.Bytes} bytes of 12 files and 6000000 bytes", full.Message, StringComparison.Ordinal);
        string name = Path.GetFileName(part)[1..^".mitogen-part".Length];
        Assert.Contains($"'{Path.GetDirectoryName(part)}/{name}' in context 'web1'", full.Message, StringComparison.Ordinal);
        Assert.Contains("GetSpaceAsync", full.Message, StringComparison.Ordinal);
        Assert.Equal(28, Assert.IsType<IOException>(full.InnerException).HResult);
        Assert.Equal(28, full.HResult);

        long kept = new FileInfo(part).Length;
        disk.Resize("size=16m");
        TransferResult again = await context.UploadAsync(Source, Target, null, null, Cancellation);

        Assert.Equal((12 - whole.Length, whole.Length, kept), (again.Files, again.Unchanged, again.ResumedBytes));
        Assert.Equal(6_000_000 - (whole.Length * 500_000L) - kept, again.Bytes);
        Assert.Equal(Describe(Source), Describe(Target));
    }

    // Names take room too: the disk has no place for another one, and bytes enough.
    [Fact]
    public async Task A_disk_without_room_for_names_ends_a_transfer_which_goes_on_when_there_is_some()
    {
        for (int i = 0; i < 40; i++)
        {
            Write($"{i % 3}/{i}", i % 2 == 0 ? "" : "x");
            File.CreateSymbolicLink($"{Source}/{i % 3}/link-{i}", "nowhere");
        }

        using MountedMemory disk = new(Target, "nr_inodes=30");
        IRemoteContext context = await ConnectAsync();

        TransferException full = await Assert.ThrowsAsync<TransferException>(() => context.UploadAsync(Source, Target, null, null, Cancellation));
        Assert.Equal(28, Assert.IsType<IOException>(full.InnerException).HResult);
        Assert.DoesNotContain(
            Directory.GetFileSystemEntries(Target, "*", SearchOption.AllDirectories), p => p.EndsWith(".mitogen-part", StringComparison.Ordinal));

        disk.Resize("nr_inodes=300");
        await context.UploadAsync(Source, Target, null, null, Cancellation);

        Assert.Equal(Describe(Source), Describe(Target));
    }
}
