using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Tests.Files;

public sealed class FileWatchingTests : FilesTest
{
    private static readonly FollowOptions s_often = new() { Interval = TimeSpan.FromMilliseconds(20), Lines = 1 };

    [Fact]
    public async Task A_file_is_followed_through_rotation_and_truncation()
    {
        await File.WriteAllTextAsync(At("log"), "old\nlast\n", Cancellation);
        await using IAsyncEnumerator<string> lines = Files.FollowAsync(At("log"), s_often, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal("last", await NextAsync(lines));

        await File.AppendAllTextAsync(At("log"), "one\ntwo\nhal", Cancellation);
        Assert.Equal(["one", "two"], [await NextAsync(lines), await NextAsync(lines)]);
        await File.AppendAllTextAsync(At("log"), "f\n", Cancellation);
        Assert.Equal("half", await NextAsync(lines));

        // Rotated: the old file gets its last line after it was renamed.
        File.Move(At("log"), At("log.1"));
        await File.AppendAllTextAsync(At("log.1"), "late\n", Cancellation);
        await File.WriteAllTextAsync(At("log"), "new\n", Cancellation);
        Assert.Equal(["late", "new"], [await NextAsync(lines), await NextAsync(lines)]);

        await using (FileStream file = File.Open(At("log"), FileMode.Truncate))
        {
        }

        await File.AppendAllTextAsync(At("log"), "x\n", Cancellation);
        Assert.Equal("x", await NextAsync(lines));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_waited_for_if_that_is_wanted()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => AllAsync(Files.FollowAsync(At("log"), null, Cancellation)));
        await using IAsyncEnumerator<string> lines =
            Files.FollowAsync(At("log"), s_often with { MayBeMissing = true }, Cancellation).GetAsyncEnumerator(Cancellation);
        Task<string> next = NextAsync(lines);

        await File.WriteAllTextAsync(At("log"), "first\n", Cancellation);

        Assert.Equal("first", await next);
    }

    [Fact]
    public async Task A_following_that_ends_at_any_line_leaves_nothing_open()
    {
        // Not through a proxy, which reads ahead: the following itself ends where the test wants it.
        await using FilesService files = new(Root);
        await File.WriteAllTextAsync(At("log"), "old\nlast\nhal", Cancellation);
        await using (IAsyncEnumerator<string> lines = files.FollowAsync(At("log"), s_often with { Lines = 3 }, Cancellation).GetAsyncEnumerator(Cancellation))
        {
            Assert.Equal("old", await NextAsync(lines));
        }

        Assert.Empty(OpenFiles.Below(Folder));
        await using (IAsyncEnumerator<string> lines = files.FollowAsync(At("log"), s_often with { Lines = 2 }, Cancellation).GetAsyncEnumerator(Cancellation))
        {
            Assert.Equal("last", await NextAsync(lines));
            Task<string> rest = NextAsync(lines);
            File.Move(At("log"), At("log.1"));
            await File.WriteAllTextAsync(At("log"), "new\n", Cancellation);
            Assert.Equal("hal", await rest);
        }

        Assert.Empty(OpenFiles.Below(Folder));
    }

    [Fact]
    public async Task A_folder_tells_of_its_changes()
    {
        Directory.CreateDirectory(At("sub"));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using IAsyncEnumerator<FileChange> changes =
            Files.WatchAsync(Folder, new WatchOptions { Recursive = true }, end.Token).GetAsyncEnumerator(Cancellation);
        Task<bool> first = changes.MoveNextAsync().AsTask();

        // The watching begins at some time after the call.
        int count = 0;
        await Eventually.UntilAsync(async () =>
        {
            await File.WriteAllTextAsync(At($"sub/{count++}"), "", Cancellation);
            return first.IsCompleted;
        });
        Assert.StartsWith(At("sub/"), changes.Current.Path, StringComparison.Ordinal);
        File.Move(At("sub/0"), At("sub/named"));
        FileChange renamed = await ReadUntilAsync(changes, c => c.Kind == FileChangeKind.Renamed);
        File.Delete(At("sub/named"));
        FileChange deleted = await ReadUntilAsync(changes, c => c.Kind == FileChangeKind.Deleted);

        Assert.Equal((At("sub/named"), At("sub/0")), (renamed.Path, renamed.OldPath));
        Assert.Equal(At("sub/named"), deleted.Path);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadUntilAsync(changes, _ => false));
        await Assert.ThrowsAsync<FileNotFoundException>(() => AllAsync(Files.WatchAsync(At("no"), null, Cancellation)));
    }

    private static async Task<FileChange> ReadUntilAsync(IAsyncEnumerator<FileChange> changes, Func<FileChange, bool> isWanted)
    {
        do
        {
            Assert.True(await changes.MoveNextAsync().AsTask().InTimeAsync());
        }
        while (!isWanted(changes.Current));

        return changes.Current;
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<string> lines)
    {
        Assert.True(await lines.MoveNextAsync().AsTask().InTimeAsync());
        return lines.Current;
    }
}
