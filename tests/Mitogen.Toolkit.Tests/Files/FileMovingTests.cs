using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>Moves within a file system, from one to another, and in memory: the same calls, and the same outcomes.</summary>
public sealed class FileMovingTests : FilesTest
{
    private static readonly string[] s_kinds = ["none", "file", "link", "empty", "full"];

    [Fact]
    public async Task A_move_onto_any_entry_is_the_same_within_a_file_system_between_two_and_in_memory()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "No second file system.");
        string other = $"/dev/shm/{Path.GetFileName(Folder)}";
        try
        {
            List<string> within = await MatrixAsync(Files, Folder, At("other"));
            List<string> between = await MatrixAsync(Files, Folder, other);
            List<string> inMemory = await MatrixAsync(new FakeFiles(), Folder, At("other"));

            Assert.Equal(within, between);
            Assert.Equal(within, inMemory);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "hard")]
    [InlineData("a", "folder/../a")]
    [InlineData("folder", "folder")]
    [InlineData("folder", "folder/in")]
    [InlineData("folder", "folder/deep/in")]
    [InlineData("folder", "link/in")]
    [InlineData("folder/deep", "folder")]
    [InlineData("link", "folder/in")]
    [InlineData("no", "a")]
    [InlineData("a", "no/a")]
    public async Task A_move_into_or_onto_itself_is_the_same_in_memory(string from, string to)
    {
        Assert.Equal(await RunAsync(Files), await RunAsync(new FakeFiles()));

        async Task<List<string>> RunAsync(IFiles files)
        {
            List<string> outcomes = [];
            foreach (bool replace in (bool[])[false, true])
            {
                await files.DeleteAsync(At("x"), true, Cancellation);
                await files.CreateFolderAsync(At("x/folder/deep"), null, Cancellation);
                await files.WriteTextAsync(At("x/a"), "a", null, Cancellation);
                await files.CreateHardLinkAsync(At("x/hard"), At("x/a"), Cancellation);
                await files.CreateLinkAsync(At("x/link"), "folder", false, Cancellation);
                outcomes.Add($"{replace}: {await OutcomeAsync(() => files.MoveAsync(At($"x/{from}"), At($"x/{to}"), replace, Cancellation))}");
                outcomes.AddRange(await DescribeAsync(files, At("x")));
            }

            return outcomes;
        }
    }

    [Fact]
    public async Task A_move_to_another_file_system_that_fails_leaves_all_where_it_was()
    {
        using MountedMemory other = new(At("other"));
        Directory.CreateDirectory(At("from/sub"));
        await File.WriteAllTextAsync(At("from/sub/a"), "a", Cancellation);
        using (System.Diagnostics.Process pipe = System.Diagnostics.Process.Start("mkfifo", [At("from/sub/pipe")]))
        {
            await pipe.WaitForExitAsync(Cancellation);
        }

        IOException error = await Assert.ThrowsAsync<IOException>(() => Files.MoveAsync(At("from"), At("other/to"), false, Cancellation));

        Assert.Contains("pipe", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(At("other")));
        Assert.Equal(2, Directory.GetFileSystemEntries(At("from/sub")).Length);
    }

    [Fact]
    public async Task A_file_is_not_lost_that_is_moved_onto_itself_through_another_mount()
    {
        Directory.CreateDirectory(At("one"));
        await File.WriteAllTextAsync(At("one/a"), "a", Cancellation);
        using MountedMemory other = new(At("two"), other: At("one"));

        await Files.MoveAsync(At("one/a"), At("two/a"), true, Cancellation);
        await Assert.ThrowsAsync<IOException>(() => Files.MoveAsync(At("one/a"), At("two/a"), false, Cancellation));

        Assert.Equal("a", await File.ReadAllTextAsync(At("one/a"), Cancellation));
    }

    [Fact]
    public async Task A_name_that_is_none_leaves_nothing_open()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Files.MoveAsync(At("a"), At("b\0"), false, Cancellation));

        Assert.Empty(OpenFiles.Below(Folder));
    }

    /// <summary>Each kind of entry onto each other one.</summary>
    private static async Task<List<string>> MatrixAsync(IFiles files, string folder, string other)
    {
        List<string> outcomes = [];
        foreach (string from in s_kinds[1..])
        {
            foreach (string to in s_kinds)
            {
                foreach (bool replace in (bool[])[false, true])
                {
                    await MakeAsync(files, folder + "/from", from);
                    await MakeAsync(files, other + "/to", to);
                    string outcome = await OutcomeAsync(() => files.MoveAsync(folder + "/from/it", other + "/to/it", replace, Cancellation));
                    outcomes.Add($"{from} onto {to}, {replace}: {outcome}");
                    outcomes.AddRange(await DescribeAsync(files, folder + "/from"));
                    outcomes.AddRange(await DescribeAsync(files, other + "/to"));
                }
            }
        }

        return outcomes;
    }

    private static async Task MakeAsync(IFiles files, string folder, string kind)
    {
        await files.DeleteAsync(folder, true, Cancellation);
        await files.CreateFolderAsync(folder, null, Cancellation);
        string path = folder + "/it";
        Task made = kind switch
        {
            "file" => files.WriteTextAsync(path, folder[^2..], new FileWriteOptions { Flush = false }, Cancellation),
            "link" => files.CreateLinkAsync(path, "nowhere" + folder[^2..], false, Cancellation),
            "empty" => files.CreateFolderAsync(path, null, Cancellation),
            "full" => files.WriteTextAsync(
                $"{path}/{folder[^2..]}", "x", new FileWriteOptions { CreateFolders = true, Flush = false }, Cancellation),
            _ => Task.CompletedTask,
        };
        await made;
    }

    private static async Task<string> OutcomeAsync(Func<Task> step) => (await Record.ExceptionAsync(step))?.GetType().Name ?? "done";

    private static async Task<IEnumerable<string>> DescribeAsync(IFiles files, string folder)
    {
        List<WalkEntry> entries = await AllAsync(files.WalkAsync(folder, null, Cancellation));
        return entries.OrderBy(e => e.Path, StringComparer.Ordinal).Select(
            e => $"  {e.Path[folder.LastIndexOf('/')..]} {e.Stat!.Kind} {(e.Stat.Kind == FileKind.File ? e.Stat.Size : 0)} {e.Stat.LinkTarget}"
                + (e.Stat.Kind == FileKind.File ? $" {e.Stat.LinkCount}" : ""));
    }
}
