namespace Mitogen.Toolkit.Tests.Transfers;

public sealed class TransferTreeTests : TransferTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_arrives_as_it_is_in_each_direction(bool compress)
    {
        WriteTree();
        TransferOptions options = new() { Compress = compress, Owners = Environment.UserName == "root" };
        IRemoteContext context = await ConnectAsync();
        List<TransferProgress> progress = [];

        TransferResult up = await context.UploadAsync(Source, Target, options, new Listed(progress), Cancellation);
        TransferResult down = await context.DownloadAsync(Target, Folder + "/back", options, null, Cancellation);
        TransferResult across = await context.CopyToAsync(
            Folder + "/back", await ConnectAsync("web2"), Folder + "/new/across", options, null, Cancellation);

        string expected = Describe(Source);
        Assert.Equal(expected, Describe(Target));
        Assert.Equal(expected, Describe(Folder + "/back"));
        Assert.Equal(expected, Describe(Folder + "/new/across"));
        Assert.All((TransferResult[])[up, down, across], r => Assert.Equal((8, 0, 5, 2), (r.Files, r.Unchanged, r.Folders, r.Links)));
        Assert.InRange(new FileInfo(Target + "/sparse").Length, 64 << 20, 64 << 20);
        Assert.InRange(long.Parse(Shell($"du -k '{Target}/sparse' | cut -f1"), System.Globalization.CultureInfo.InvariantCulture), 0, 1024);
        TransferProgress last = progress[^1];
        Assert.Equal((8, 8, true, last.TotalBytes), (last.Files, last.TotalFiles, last.IsTotalKnown, last.Bytes));
    }

    [Fact]
    public async Task What_is_there_is_not_sent_again()
    {
        WriteTree();
        IRemoteContext context = await ConnectAsync();
        await context.UploadAsync(Source, Target, null, null, Cancellation);
        Write("small", "other");
        File.SetUnixFileMode(Source + "/large", (UnixFileMode)0x100);

        TransferResult again = await context.UploadAsync(Source, Target, null, null, Cancellation);

        Assert.Equal((1, 7, 0, 5), (again.Files, again.Unchanged, again.Folders, again.Bytes));
        Assert.Equal([new TransferChange(TransferChangeKind.Updated, FileKind.File, "small")], again.Changes);
        Assert.Equal(Describe(Source), Describe(Target));
    }

    [Fact]
    public async Task A_file_that_takes_the_place_of_a_link_does_not_get_what_the_link_allowed()
    {
        Write("a", "new");
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Folder + "/elsewhere", "elsewhere", Cancellation);
        File.CreateSymbolicLink(Target + "/a", Folder + "/elsewhere");
        IRemoteContext context = await ConnectAsync();

        await context.UploadAsync(Source, Target, new TransferOptions { Permissions = false }, null, Cancellation);

        Assert.Equal("new", await File.ReadAllTextAsync(Target + "/a", Cancellation));
        Assert.Equal("elsewhere", await File.ReadAllTextAsync(Folder + "/elsewhere", Cancellation));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Target + "/a") & (UnixFileMode.OtherWrite | UnixFileMode.UserExecute));
    }

    // Only a dry run: a fault would empty the machine.
    [Fact]
    public async Task A_file_does_not_take_the_place_of_the_root_of_all()
    {
        Write("a", "new");
        IRemoteContext context = await ConnectAsync();

        TransferException error = await Assert.ThrowsAsync<TransferException>(
            () => context.UploadAsync(Source + "/a", "/", new SyncOptions { Delete = true, DryRun = true }, null, Cancellation));

        Assert.Contains("directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_file_is_a_tree_too()
    {
        Write("a", Content(1, 300_000));
        IRemoteContext context = await ConnectAsync();

        await context.UploadAsync(Source + "/a", Folder + "/new/b", null, null, Cancellation);

        Assert.Equal(Content(1, 300_000), await File.ReadAllBytesAsync(Folder + "/new/b", Cancellation));
        Assert.Single(Directory.GetFileSystemEntries(Folder + "/new"));
    }

    [Fact]
    public async Task Names_that_are_not_UTF_8_arrive()
    {
        Shell($"cd '{Source}' && printf x > \"$(printf 'caf\\351')\" && ln -s \"$(printf '\\377')\" link");
        IRemoteContext context = await ConnectAsync();

        await context.UploadAsync(Source, Target, null, null, Cancellation);

        Assert.Equal(Names(Source), Names(Target));
        Shell($"rm -r '{Source}' '{Target}'");

        static string Names(string folder) => Shell($"cd '{folder}' && ls -l --time-style=full-iso | tail -n+2 | od -c");
    }

    [Fact]
    public async Task Many_small_files_arrive()
    {
        Directory.CreateDirectory(Source);
        for (int i = 0; i < 5_000; i++)
        {
            Write($"{i % 100}/{i}", i % 50 == 0 ? "" : $"{i}");
        }

        IRemoteContext context = await ConnectAsync();

        TransferResult result = await context.UploadAsync(Source, Target, new TransferOptions { Flush = false }, null, Cancellation);

        Assert.Equal(5_000, result.Files);
        Assert.Equal("", Shell($"diff -r '{Source}' '{Target}'"));
    }

    [Fact]
    public async Task A_dry_run_lists_and_a_sync_does_it()
    {
        Write("kept", "kept");
        Write("changed", "old");
        Write("folder/inside", "x");
        IRemoteContext context = await ConnectAsync();
        await context.SyncAsync(Source, Target, null, null, Cancellation);
        Directory.CreateDirectory(Target + "/extra/deep");
        await File.WriteAllTextAsync(Target + "/.old.mitogen-part", "left", Cancellation);
        Directory.CreateDirectory(Folder + "/elsewhere");
        await File.WriteAllTextAsync(Folder + "/elsewhere/a", "", Cancellation);
        File.CreateSymbolicLink(Target + "/extra/out", Folder + "/elsewhere");
        Write("changed", "new content");
        Directory.Delete(Source + "/folder", recursive: true);
        Write("folder", "a file by now");
        Write("new/made", "");
        string before = Describe(Target);

        TransferException refused = await Assert.ThrowsAsync<TransferException>(() => context.SyncAsync(Source, Target, null, null, Cancellation));
        Assert.Contains("SyncOptions.Delete", refused.Message, StringComparison.Ordinal);
        Shell($"rm -r '{Target}/new' || true");
        TransferResult dry = await context.SyncAsync(Source, Target, new SyncOptions { Delete = true, DryRun = true }, null, Cancellation);
        Assert.Equal(before.Split('\n').Length, Describe(Target).Split('\n').Length);
        TransferResult done = await context.SyncAsync(Source, Target, new SyncOptions { Delete = true }, null, Cancellation);

        Assert.Equal(Describe(Source), Describe(Target));
        Assert.Equal(dry.Changes.Order(s_comparer), done.Changes.Order(s_comparer));
        Assert.Contains(new TransferChange(TransferChangeKind.Deleted, FileKind.Folder, "extra"), done.Changes);
        Assert.Contains(new TransferChange(TransferChangeKind.Created, FileKind.File, "new/made"), done.Changes);
        Assert.True(File.Exists(Folder + "/elsewhere/a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contents_are_compared_if_that_is_wanted(bool isDry)
    {
        Write("same", Content(1, 100_000));
        Write("other", Content(2, 100_000));
        IRemoteContext context = await ConnectAsync();
        await context.UploadAsync(Source, Target, null, null, Cancellation);
        DateTime written = File.GetLastWriteTimeUtc(Source + "/other");
        Write("other", Content(3, 100_000));
        File.SetLastWriteTimeUtc(Source + "/other", written);
        File.SetLastWriteTimeUtc(Source + "/same", written.AddDays(-1));
        await context.UploadAsync(Source, Folder + "/copy", null, null, Cancellation);

        Assert.Equal(0, (await context.UploadAsync(Source, Folder + "/copy", null, null, Cancellation)).Files);
        TransferResult result = await context.SyncAsync(
            Source, Target, new SyncOptions { Comparison = TransferComparison.Content, DryRun = isDry }, null, Cancellation);

        Assert.Equal((1, 1), (result.Files, result.Unchanged));
        Assert.Equal("other", Assert.Single(result.Changes).Path);
        Assert.Equal(isDry ? 0 : 100_000, result.Bytes);
        Assert.Equal(isDry, Describe(Source) != Describe(Target));
    }

    [Fact]
    public async Task Links_are_left_out_or_refused_if_that_is_wanted()
    {
        Write("a", "");
        File.CreateSymbolicLink(Source + "/link", "a");
        IRemoteContext context = await ConnectAsync();

        await context.UploadAsync(Source, Target, new TransferOptions { Links = TransferLinks.Skip }, null, Cancellation);
        TransferException error = await Assert.ThrowsAsync<TransferException>(
            () => context.UploadAsync(Source, Target, new TransferOptions { Links = TransferLinks.Refuse }, null, Cancellation));

        Assert.Equal([Target + "/a"], Directory.GetFileSystemEntries(Target));
        Assert.Contains($"'{Source}/link'", error.Message, StringComparison.Ordinal);
    }

    private static readonly Comparer<TransferChange> s_comparer =
        Comparer<TransferChange>.Create((a, b) => string.CompareOrdinal(a.Path + a.Kind, b.Path + b.Kind));

    private void WriteTree()
    {
        Write("empty", "");
        Write("small", "small");
        Write("large", Content(1, 3_000_000));
        Write("text", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\n")));
        Write("deep/er/est/file", "x");
        Write("deep/closed/file", "y");
        Write("deep/long", Content(2, 20_000));
        using (FileStream sparse = File.Create(Source + "/sparse"))
        {
            sparse.SetLength(64 << 20);
            sparse.Position = 32 << 20;
            sparse.Write(Content(3, 5000));
        }

        File.CreateSymbolicLink(Source + "/link", "deep/er");
        File.CreateSymbolicLink(Source + "/deep/dangling", "/no/where");
        File.SetUnixFileMode(Source + "/small", (UnixFileMode)0x1e8);
        File.SetUnixFileMode(Source + "/deep/closed", (UnixFileMode)0x16d);
        Shell($"touch -h -d '2001-02-03 04:05:06.789012345' '{Source}/deep/long' '{Source}/link' '{Source}/deep/er' && chmod 0555 '{Source}/deep/er/est'");
    }

    private sealed class Listed(List<TransferProgress> list) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            lock (list)
            {
                list.Add(value);
            }
        }
    }
}
