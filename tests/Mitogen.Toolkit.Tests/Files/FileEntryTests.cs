using System.Diagnostics;

namespace Mitogen.Toolkit.Tests.Files;

public sealed class FileEntryTests : FilesTest
{
    [Fact]
    public async Task A_state_has_everything_that_the_file_system_keeps()
    {
        await Files.WriteTextAsync(At("a"), "12345", new FileWriteOptions { Mode = Mode("640") }, Cancellation);
        FileTime time = new(1_234_567_890, 123_456_789);
        await Files.TouchAsync(At("a"), time, new FileTime(-5, 1), Cancellation);
        await Files.CreateLinkAsync(At("link"), "a", false, Cancellation);

        FileStat stat = await Files.StatAsync(At("a"), true, Cancellation);
        FileStat link = await Files.StatAsync(At("link"), false, Cancellation);

        Assert.Equal(
            (At("a"), "a", FileKind.File, 5L, Mode("640"), time, new FileTime(-5, 1)),
            (stat.Path, stat.Name, stat.Kind, stat.Size, stat.Mode, stat.Modified, stat.Accessed));
        Assert.Equal(Environment.UserName, stat.User);
        Assert.Equal((FileKind.SymbolicLink, "a"), (link.Kind, link.LinkTarget));
        Assert.Equal(stat.Inode, (await Files.StatAsync(At("link"), true, Cancellation)).Inode);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_234_567_890).AddTicks(1_234_567), time.ToDateTimeOffset());
        Assert.Equal(new FileTime(1_234_567_890, 123_456_700), (FileTime)time.ToDateTimeOffset());
        Assert.Null(await Files.FindAsync(At("no"), true, Cancellation));
        Assert.Null(await Files.FindAsync(At("a/no"), true, Cancellation));
        Assert.False(await Files.ExistsAsync(At("no"), Cancellation));
        Assert.True(await Files.ExistsAsync(At("link"), Cancellation));
        Assert.Equal(At("a"), await Files.ResolveAsync(At("./x/../link").Replace("x/../", "", StringComparison.Ordinal), Cancellation));
    }

    [Fact]
    public async Task Names_that_are_not_UTF_8_are_listed_opened_and_deleted()
    {
        Run($"cd {Folder} && printf hello > \"$(printf 'caf\\351')\" && mkdir \"$(printf 'b\\377')\" && printf x > \"$(printf 'b\\377/\\200ü')\"");

        List<WalkEntry> found = await AllAsync(Files.WalkAsync(Folder, null, Cancellation));

        Assert.Equal(
            [At("b\uefff"), At("b\uefff/\uef80ü"), At("caf\uefe9")],
            found.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Equal("hello", await Files.ReadTextAsync(At("caf\uefe9"), null, Cancellation));
        await Files.WriteTextAsync(At("caf\uefe9"), "again", null, Cancellation);
        await Files.MoveAsync(At("caf\uefe9"), At("new\uefe9"), false, Cancellation);
        Assert.Equal("again", await Files.ReadTextAsync(At("new\uefe9"), null, Cancellation));
        FileNotFoundException error = await Assert.ThrowsAsync<FileNotFoundException>(() => Files.ReadTextAsync(At("caf\uefe9"), null, Cancellation));
        Assert.Contains("caf\\xE9", error.Message, StringComparison.Ordinal);
        Assert.True(await Files.DeleteAsync(At("b\uefff"), true, Cancellation));
        FileStat left = Assert.Single(await AllAsync(Files.ListAsync(Folder, Cancellation)));
        Assert.True(await Files.DeleteAsync(left.Path, false, Cancellation));
    }

    [Fact]
    public async Task A_walk_goes_on_behind_a_folder_that_cannot_be_read_and_does_not_follow_links()
    {
        Directory.CreateDirectory(At("one/two/three"));
        Directory.CreateDirectory(At("other"));
        File.CreateSymbolicLink(At("other/up"), Folder);

        List<WalkEntry> all = await AllAsync(Files.WalkAsync(Folder, null, Cancellation));
        List<WalkEntry> shallow = await AllAsync(Files.WalkAsync(Folder, new WalkOptions { MaxDepth = 1 }, Cancellation));

        Assert.Equal(5, all.Count);
        Assert.Equal(3, all.Single(e => e.Stat!.Name == "three").Depth);
        Assert.Equal(["one", "other"], shallow.Select(e => e.Stat!.Name).Order(StringComparer.Ordinal));
        IOException error = await Assert.ThrowsAsync<IOException>(
            () => AllAsync(Files.WalkAsync(Folder, new WalkOptions { MaxEntries = 4 }, Cancellation)));
        Assert.Contains("WalkOptions.MaxEntries", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_find_files_and_do_not_enter_links()
    {
        foreach (string name in (string[])["src/a.cs", "src/deep/b.cs", "src/deep/b.txt", "bin/c.cs", "d.cs"])
        {
            await Files.WriteTextAsync(At(name), "", new FileWriteOptions { CreateFolders = true, Flush = false }, Cancellation);
        }

        File.CreateSymbolicLink(At("src/link"), Folder);

        Assert.Equal(
            [At("d.cs"), At("src/a.cs"), At("src/deep/b.cs")],
            (await AllAsync(Files.GlobAsync(Folder, ["**/*.cs"], new GlobOptions { Exclude = ["bin/"] }, Cancellation))).Order(StringComparer.Ordinal));
        Assert.Equal([At("src/deep/b.txt")], await AllAsync(Files.GlobAsync(Folder, ["src/**/*.TXT"], new GlobOptions { IgnoreCase = true }, Cancellation)));
        IOException error = await Assert.ThrowsAsync<IOException>(
            () => AllAsync(Files.GlobAsync(Folder, ["**/*.cs"], new GlobOptions { MaxEntries = 3 }, Cancellation)));
        Assert.Contains("GlobOptions.MaxEntries", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_is_copied_with_all_that_it_has()
    {
        Directory.CreateDirectory(At("from/sub"));
        await Files.WriteTextAsync(At("from/sub/a"), "content", new FileWriteOptions { Mode = Mode("750") }, Cancellation);
        await Files.CreateLinkAsync(At("from/link"), "sub/a", false, Cancellation);
        await using (FileStream sparse = File.Create(At("from/sparse")))
        {
            sparse.SetLength(100 << 20);
            sparse.Position = 50 << 20;
            await sparse.WriteAsync("middle"u8.ToArray(), Cancellation);
        }

        FileTime time = new(1_000_000_000, 5);
        await Files.TouchAsync(At("from/sub/a"), time, null, Cancellation);
        await Files.TouchAsync(At("from/sub"), time, null, Cancellation);

        await Files.CopyAsync(At("from"), At("to"), true, Cancellation);

        FileStat copy = await Files.StatAsync(At("to/sub/a"), true, Cancellation);
        Assert.Equal((Mode("750"), time, 7L), (copy.Mode, copy.Modified, copy.Size));
        Assert.Equal(time, (await Files.StatAsync(At("to/sub"), true, Cancellation)).Modified);
        Assert.Equal("sub/a", (await Files.StatAsync(At("to/link"), false, Cancellation)).LinkTarget);
        FileStat sparseCopy = await Files.StatAsync(At("to/sparse"), true, Cancellation);
        Assert.InRange(sparseCopy.AllocatedSize, 1, 1 << 20);
        Assert.Equal(await Files.HashAsync(At("from/sparse"), Cancellation), await Files.HashAsync(At("to/sparse"), Cancellation));
        await Assert.ThrowsAsync<IOException>(() => Files.CopyAsync(At("from"), At("from/sub/again"), true, Cancellation));
        await Assert.ThrowsAsync<IOException>(() => Files.CopyAsync(At("from/sub/a"), At("to/sub/a"), false, Cancellation));
    }

    [Fact]
    public async Task A_tree_is_moved_also_to_another_file_system()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "No second file system.");
        string other = $"/dev/shm/{Path.GetFileName(Folder)}";
        Directory.CreateDirectory(other);
        try
        {
            Directory.CreateDirectory(At("tree/sub"));
            await File.WriteAllTextAsync(At("tree/sub/a"), "x", Cancellation);

            await Files.MoveAsync(At("tree"), At("named"), false, Cancellation);
            await Files.MoveAsync(At("named"), other + "/tree", false, Cancellation);

            Assert.Equal("x", await File.ReadAllTextAsync(other + "/tree/sub/a", Cancellation));
            Assert.Empty(Directory.GetFileSystemEntries(Folder));
            await File.WriteAllTextAsync(At("b"), "", Cancellation);
            await File.WriteAllTextAsync(At("c"), "", Cancellation);
            await Assert.ThrowsAsync<IOException>(() => Files.MoveAsync(At("b"), At("c"), false, Cancellation));
            await Files.MoveAsync(At("b"), At("c"), true, Cancellation);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task A_tree_is_deleted_and_nothing_behind_its_links()
    {
        Directory.CreateDirectory(At("kept"));
        await File.WriteAllTextAsync(At("kept/a"), "", Cancellation);
        Directory.CreateDirectory(At("tree/deep"));
        File.CreateSymbolicLink(At("tree/deep/out"), At("kept"));
        File.CreateSymbolicLink(At("link"), At("kept"));

        await Assert.ThrowsAsync<IOException>(() => Files.DeleteAsync(At("tree"), false, Cancellation));
        Assert.True(await Files.DeleteAsync(At("tree"), true, Cancellation));
        Assert.True(await Files.DeleteAsync(At("link"), true, Cancellation));
        Assert.False(await Files.DeleteAsync(At("tree"), true, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Files.DeleteAsync(At("kept/.."), true, Cancellation));

        Assert.Equal([At("kept")], Directory.GetFileSystemEntries(Folder));
        Assert.True(File.Exists(At("kept/a")));
    }

    [Fact]
    public async Task Folders_links_and_permissions_are_made()
    {
        Assert.True(await Files.CreateFolderAsync(At("x/y"), Mode("710"), Cancellation));
        Assert.False(await Files.CreateFolderAsync(At("x/y"), Mode("777"), Cancellation));
        await Files.CreateLinkAsync(At("link"), "one", false, Cancellation);
        await Assert.ThrowsAsync<IOException>(() => Files.CreateLinkAsync(At("link"), "two", false, Cancellation));
        await Files.CreateLinkAsync(At("link"), "two", true, Cancellation);
        await Files.TouchAsync(At("file"), null, null, Cancellation);
        await Files.SetModeAsync(At("file"), Mode("604"), Cancellation);

        Assert.Equal(Mode("710"), File.GetUnixFileMode(At("x/y")));
        Assert.Equal("two", new FileInfo(At("link")).LinkTarget);
        Assert.Equal(Mode("604"), File.GetUnixFileMode(At("file")));
        VolumeSpace space = await Files.GetSpaceAsync(Folder, Cancellation);
        Assert.InRange(space.AvailableBytes, 1, space.TotalBytes);
    }

    private static void Run(string command)
    {
        using Process process = Process.Start("/bin/sh", ["-c", command]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
