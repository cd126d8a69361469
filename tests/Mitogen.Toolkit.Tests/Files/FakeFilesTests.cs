using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>The files in memory, beside those of the machine: the same calls, and the same outcomes.</summary>
public sealed class FakeFilesTests : FilesTest
{
    [Fact]
    public async Task A_fake_does_what_the_machine_does()
    {
        FakeFiles fake = new();
        await fake.CreateFolderAsync(Folder, null, Cancellation);
        await using InProcessRoot root = InProcessRoot.Create();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IFiles>(fake));
        IRemoteContext context = await root.ConnectAsync(new LocalConnection(), Cancellation);

        List<string> there = await RunAsync(Files);
        List<string> inMemory = await RunAsync(context.Get<IFiles>());

        Assert.Equal(there, inMemory);
        Assert.InRange(there.Count, 25, 100);
    }

    [Fact]
    public async Task A_fake_begins_with_what_it_is_given_and_fails_where_it_is_told()
    {
        FakeFiles fake = new FakeFiles().Add("/etc/hosts", "localhost").Add("/var/bin", [1, 2]).Fail("/etc/shadow", new UnauthorizedAccessException("No."));

        Assert.Equal("localhost", await fake.ReadTextAsync("/etc/hosts", null, Cancellation));
        Assert.Equal([1, 2], await fake.ReadBytesAsync("var/bin", null, Cancellation));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => fake.WriteTextAsync("/etc/shadow", "", null, Cancellation));
    }

    [Fact]
    public async Task A_fake_is_followed_and_watched()
    {
        FakeFiles fake = new FakeFiles().Add("/var/log", "old\n");
        await using IAsyncEnumerator<string> lines =
            ((IFiles)fake).FollowAsync("/var/log", new FollowOptions { Lines = 1 }, Cancellation).GetAsyncEnumerator(Cancellation);
        await using IAsyncEnumerator<FileChange> changes = ((IFiles)fake).WatchAsync("/var", null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await lines.MoveNextAsync());
        ValueTask<bool> change = changes.MoveNextAsync();

        await fake.AppendTextAsync("/var/log", "new\n", Cancellation);

        Assert.True(await lines.MoveNextAsync().AsTask().InTimeAsync());
        Assert.Equal("new", lines.Current);
        Assert.True(await change.AsTask().InTimeAsync());
        Assert.Equal(new FileChange(FileChangeKind.Modified, "/var/log"), changes.Current);
    }

    /// <summary>What each step gives, or the exception's type.</summary>
    private async Task<List<string>> RunAsync(IFiles files)
    {
        List<string> outcomes = [];
        await StepAsync(() => files.WriteTextAsync(At("a"), "one\ntwo\n", new FileWriteOptions { Mode = Mode("640") }, Cancellation));
        await StepAsync(() => files.AppendTextAsync(At("a"), "three", Cancellation));
        await StepAsync(async () => outcomes.Add(await files.ReadTextAsync(At("a"), null, Cancellation)));
        await StepAsync(async () => outcomes.Add(string.Join('|', await AllAsync(files.ReadLinesAsync(At("a"), null, Cancellation)))));
        await StepAsync(async () => outcomes.Add(string.Join('|', await files.TailAsync(At("a"), 2, null, Cancellation))));
        await StepAsync(async () => outcomes.Add(Convert.ToHexString(await files.HashAsync(At("a"), Cancellation))));
        await StepAsync(() => files.ReadBytesAsync(At("a"), new FileReadOptions { MaxBytes = 3 }, Cancellation));
        await StepAsync(() => files.ReadBytesAsync(At("no"), null, Cancellation));
        await StepAsync(() => files.ReadBytesAsync(At("no/no"), null, Cancellation));
        await StepAsync(() => files.ReadBytesAsync(Folder, null, Cancellation));
        await StepAsync(() => files.WriteTextAsync(At("x/y"), "", null, Cancellation));
        await StepAsync(() => files.WriteTextAsync(At("x/y"), "deep", new FileWriteOptions { CreateFolders = true }, Cancellation));
        await StepAsync(() => files.WriteTextAsync(At("a"), "", new FileWriteOptions { Replace = false }, Cancellation));
        await StepAsync(() => files.CreateLinkAsync(At("link"), "x/y", false, Cancellation));
        await StepAsync(() => files.WriteTextAsync(At("link"), "through", null, Cancellation));
        await StepAsync(async () => outcomes.Add(await files.ReadTextAsync(At("x/y"), null, Cancellation)));
        await StepAsync(() => files.CreateLinkAsync(At("link"), "x", false, Cancellation));
        await StepAsync(() => files.CreateLinkAsync(At("link"), "x", true, Cancellation));
        await StepAsync(async () => outcomes.Add(await files.ResolveAsync(At("link/./y"), Cancellation)));
        await StepAsync(() => files.CreateHardLinkAsync(At("hard"), At("a"), Cancellation));
        await StepAsync(async () => outcomes.Add($"{(await files.StatAsync(At("hard"), true, Cancellation)).LinkCount}"));
        await StepAsync(() => files.TouchAsync(At("new"), new FileTime(5, 6), new FileTime(7, 8), Cancellation));
        await StepAsync(() => files.SetModeAsync(At("new"), Mode("600"), Cancellation));
        await StepAsync(() => files.CopyAsync(At("x"), At("copy"), true, Cancellation));
        await StepAsync(() => files.CopyAsync(At("x"), At("copy"), false, Cancellation));
        await StepAsync(() => files.CopyAsync(At("x"), At("x/in"), true, Cancellation));
        await StepAsync(() => files.MoveAsync(At("copy/y"), At("moved"), false, Cancellation));
        await StepAsync(() => files.MoveAsync(At("moved"), At("a"), false, Cancellation));
        await StepAsync(() => files.DeleteAsync(At("x"), false, Cancellation));
        await StepAsync(async () => outcomes.Add($"{await files.DeleteAsync(At("no"), false, Cancellation)}"));
        await StepAsync(async () => outcomes.AddRange(
            (await AllAsync(files.GlobAsync(Folder, ["**/y", "a"], null, Cancellation))).Order(StringComparer.Ordinal)));
        await StepAsync(async () =>
        {
            await using Stream stream = await files.OpenWriteAsync(At("a"), new FileOpenOptions { Offset = 1 }, Cancellation);
            await stream.WriteAsync("XX"u8.ToArray(), Cancellation);
        });
        await StepAsync(async () =>
        {
            await using Stream stream = await files.OpenReadAsync(At("a"), 1, Cancellation);
            using StreamReader reader = new(stream);
            outcomes.Add(await reader.ReadToEndAsync(Cancellation));
        });
        List<WalkEntry> entries = await AllAsync(files.WalkAsync(Folder, null, Cancellation));
        outcomes.AddRange(entries.OrderBy(e => e.Path, StringComparer.Ordinal).Select(
            e => $"{e.Path} {e.Depth} {e.Stat!.Kind} {(e.Stat.Kind == FileKind.File ? e.Stat.Size : 0)} {e.Stat.Mode} {e.Stat.LinkTarget}"));
        await StepAsync(() => files.DeleteAsync(At("x"), true, Cancellation));
        return outcomes;

        async Task StepAsync(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                outcomes.Add(e.GetType().Name);
            }
        }
    }
}
