using System.Text;
using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>File systems without locks: nobody else has what cannot be locked.</summary>
public sealed class FileLockTests : FilesTest
{
    private readonly FileFailures _failures = new("here");

    [Fact]
    public async Task A_part_that_cannot_be_locked_is_an_error_that_says_so_and_is_not_left()
    {
        await File.WriteAllTextAsync(At("a"), "content", Cancellation);

        Exception? error = NoLocks.Run(() => new TreeCopy(_failures, replace: true, isMove: false, Cancellation).Run(At("a"), At("b")));

        Assert.Equal(NoLocks.Error, Assert.IsType<IOException>(error).HResult);
        Assert.Contains("locks", error.Message, StringComparison.Ordinal);
        Assert.Equal([At("a")], Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void A_part_that_was_left_and_cannot_be_locked_stays()
    {
        File.WriteAllText(At(".b.mitogen-part"), "left");
        using FolderHandle folder = FolderHandle.Open(Folder)!;

        Exception? error = NoLocks.Run(() => PartFile.TryCreate(folder, Encoding.UTF8.GetBytes("b\0"), keep: true));

        Assert.Equal(NoLocks.Error, Assert.IsType<PartFailedException>(error).Error);
        Assert.Equal("left", File.ReadAllText(At(".b.mitogen-part")));
    }

    // The file system has room for a few folders: a fault would make them without end.
    [Fact]
    public void A_temporary_folder_that_cannot_be_locked_is_an_error_and_is_not_left()
    {
        using MountedMemory place = new(At("place"), "nr_inodes=64");
        using TemporaryEntries entries = new(_failures);

        Exception? error = NoLocks.Run(() => entries.CreateFile(At("place")));

        Assert.Equal(NoLocks.Error, Assert.IsType<IOException>(error).HResult);
        Assert.Empty(Directory.GetFileSystemEntries(At("place")));
    }
}
