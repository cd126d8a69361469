using System.Text;

namespace Mitogen.Toolkit.Tests.Files;

public sealed class FileWritingTests : FilesTest
{
    [Fact]
    public async Task A_file_is_written_as_bytes_text_lines_and_a_stream()
    {
        await Files.WriteBytesAsync(At("bytes"), "eins"u8.ToArray(), null, Cancellation);
        await Files.WriteTextAsync(At("text"), "zwei ü", null, Cancellation);
        await Files.WriteLinesAsync(At("lines"), LinesAsync(), null, Cancellation);
        await Files.WriteAsync(At("stream"), new MemoryStream(Encoding.UTF8.GetBytes("vier")), null, Cancellation);
        await Files.AppendTextAsync(At("stream"), "+fünf", Cancellation);

        Assert.Equal("eins", await File.ReadAllTextAsync(At("bytes"), Cancellation));
        Assert.Equal("zwei ü", await File.ReadAllTextAsync(At("text"), Cancellation));
        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(At("lines"), Cancellation));
        Assert.Equal("vier+fünf", await File.ReadAllTextAsync(At("stream"), Cancellation));
        Assert.Equal(4, Directory.GetFileSystemEntries(Folder).Length);

        static async IAsyncEnumerable<string> LinesAsync()
        {
            yield return "a";
            await Task.Yield();
            yield return "b";
        }
    }

    [Fact]
    public async Task A_new_file_has_the_permissions_that_are_wanted_and_a_replaced_one_keeps_its_own()
    {
        await Files.WriteTextAsync(At("new"), "", new FileWriteOptions { Mode = Mode("4751") }, Cancellation);
        await Files.WriteTextAsync(At("usual"), "", null, Cancellation);
        File.SetUnixFileMode(At("usual"), Mode("640"));
        await Files.WriteTextAsync(At("usual"), "again", null, Cancellation);

        Assert.Equal(Mode("4751"), File.GetUnixFileMode(At("new")));
        Assert.Equal(Mode("640"), File.GetUnixFileMode(At("usual")));
    }

    [Fact]
    public async Task A_replaced_file_keeps_its_owner_and_a_new_one_has_the_one_that_is_wanted()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root gives files away.");
        await Files.WriteTextAsync(At("a"), "eins", new FileWriteOptions { User = "daemon", Group = "7" }, Cancellation);
        await Files.WriteTextAsync(At("a"), "zwei", null, Cancellation);

        FileStat stat = await Files.StatAsync(At("a"), true, Cancellation);
        Assert.Equal(("daemon", 7u, "zwei"), (stat.User, stat.GroupId, await File.ReadAllTextAsync(At("a"), Cancellation)));
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => Files.WriteTextAsync(At("b"), "", new FileWriteOptions { User = "nobody-of-that-name" }, Cancellation));
        Assert.Contains("nobody-of-that-name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_link_leads_to_is_replaced_and_not_the_link()
    {
        Directory.CreateDirectory(At("sub"));
        await File.WriteAllTextAsync(At("sub/target"), "old", Cancellation);
        File.CreateSymbolicLink(At("link"), "sub/middle");
        File.CreateSymbolicLink(At("sub/middle"), "target");

        await Files.WriteTextAsync(At("link"), "new", null, Cancellation);

        Assert.Equal("new", await File.ReadAllTextAsync(At("sub/target"), Cancellation));
        Assert.Equal("sub/middle", new FileInfo(At("link")).LinkTarget);
        File.CreateSymbolicLink(At("circle"), "circle");
        await Assert.ThrowsAsync<IOException>(() => Files.WriteTextAsync(At("circle"), "", null, Cancellation));
    }

    [Fact]
    public async Task A_content_that_fails_leaves_the_old_one_and_no_part()
    {
        await File.WriteAllTextAsync(At("a"), "old", Cancellation);

        await Assert.ThrowsAnyAsync<Exception>(() => Files.WriteLinesAsync(At("a"), FailingAsync(), null, Cancellation));

        Assert.Equal("old", await File.ReadAllTextAsync(At("a"), Cancellation));
        Assert.Equal([At("a")], Directory.GetFileSystemEntries(Folder));

        static async IAsyncEnumerable<string> FailingAsync()
        {
            yield return new string('x', 100_000);
            await Task.Yield();
            throw new InvalidDataException("It broke.");
        }
    }

    [Fact]
    public async Task A_part_that_was_left_is_removed_by_the_next_write()
    {
        string part = At(".a.mitogen-part");
        await File.WriteAllTextAsync(part, "left", Cancellation);
        await Files.WriteTextAsync(At("a"), "eins", null, Cancellation);
        Assert.False(File.Exists(part));

        File.CreateSymbolicLink(part, At("elsewhere"));
        await Files.WriteTextAsync(At("a"), "zwei", null, Cancellation);

        Assert.Equal([At("a")], Directory.GetFileSystemEntries(Folder));
        Assert.Equal("zwei", await File.ReadAllTextAsync(At("a"), Cancellation));
    }

    [Fact]
    public async Task Writers_of_one_file_come_one_after_the_other()
    {
        string[] contents = [.. Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 50_000))];

        await Task.WhenAll(contents.Select(c => Files.WriteTextAsync(At("a"), c, new FileWriteOptions { Flush = false }, Cancellation)));

        Assert.Contains(await File.ReadAllTextAsync(At("a"), Cancellation), contents);
        Assert.Equal([At("a")], Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_second_writer_waits_no_longer_than_it_is_told()
    {
        System.IO.Pipelines.Pipe pipe = new();
        Task first = Files.WriteAsync(At("a"), pipe.Reader.AsStream(), null, Cancellation);
        await Eventually.UntilAsync(() => File.Exists(At(".a.mitogen-part")));

        IOException error = await Assert.ThrowsAsync<IOException>(
            () => Files.WriteTextAsync(At("a"), "second", new FileWriteOptions { MaxWait = TimeSpan.Zero }, Cancellation));

        Assert.Contains("FileWriteOptions.MaxWait", error.Message, StringComparison.Ordinal);
        await pipe.Writer.CompleteAsync();
        await first;
        Assert.Equal("", await File.ReadAllTextAsync(At("a"), Cancellation));
    }

    [Fact]
    public async Task Names_of_every_length_are_written()
    {
        string name = new('n', 255);

        await Files.WriteTextAsync(At(name), "long", null, Cancellation);

        Assert.Equal("long", await File.ReadAllTextAsync(At(name), Cancellation));
        PathTooLongException error = await Assert.ThrowsAsync<PathTooLongException>(() => Files.WriteTextAsync(At(name + "n"), "", null, Cancellation));
        Assert.Contains("255 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_in_place_keeps_the_file_itself()
    {
        await File.WriteAllTextAsync(At("a"), "a long content", Cancellation);
        await Files.CreateHardLinkAsync(At("b"), At("a"), Cancellation);

        await Files.WriteTextAsync(At("a"), "short", new FileWriteOptions { InPlace = true }, Cancellation);
        await Files.WriteTextAsync("/dev/null", "gone", null, Cancellation);

        Assert.Equal("short", await File.ReadAllTextAsync(At("b"), Cancellation));
        Assert.Equal(2u, (await Files.StatAsync(At("a"), true, Cancellation)).LinkCount);
    }

    [Fact]
    public async Task A_stream_writes_at_its_offset_or_at_the_end()
    {
        await File.WriteAllTextAsync(At("a"), "0123456789", Cancellation);
        await using (Stream middle = await Files.OpenWriteAsync(At("a"), new FileOpenOptions { Offset = 3 }, Cancellation))
        {
            await middle.WriteAsync("xyz"u8.ToArray(), Cancellation);
        }

        await using (Stream end = await Files.OpenWriteAsync(At("a"), new FileOpenOptions { Append = true }, Cancellation))
        {
            await end.WriteAsync("+"u8.ToArray(), Cancellation);
        }

        Assert.Equal("012xyz6789+", await File.ReadAllTextAsync(At("a"), Cancellation));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Files.OpenWriteAsync(At("no"), new FileOpenOptions { Create = false }, Cancellation));
    }

    [Fact]
    public async Task What_is_not_to_be_replaced_stays()
    {
        await File.WriteAllTextAsync(At("a"), "old", Cancellation);

        await Assert.ThrowsAsync<IOException>(() => Files.WriteTextAsync(At("a"), "new", new FileWriteOptions { Replace = false }, Cancellation));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Files.WriteTextAsync(Folder, "new", null, Cancellation));
        DirectoryNotFoundException missing = await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => Files.WriteTextAsync(At("x/y/z"), "new", null, Cancellation));
        await Files.WriteTextAsync(At("x/y/z"), "made", new FileWriteOptions { CreateFolders = true }, Cancellation);

        Assert.Contains("CreateFolderAsync", missing.Message, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(At("a"), Cancellation));
        Assert.Equal("made", await File.ReadAllTextAsync(At("x/y/z"), Cancellation));
    }

    [Fact]
    public async Task A_full_disk_is_an_error_that_names_the_file()
    {
        await File.WriteAllTextAsync(At("a"), "old", Cancellation);

        IOException error = await Assert.ThrowsAsync<IOException>(() => Files.WriteTextAsync("/dev/full", "x", null, Cancellation));

        Assert.Contains("'/dev/full' in context 'root'", error.Message, StringComparison.Ordinal);
        Assert.Contains("GetSpaceAsync", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("lines")]
    [InlineData("append")]
    [InlineData("stream")]
    [InlineData("appending stream")]
    public async Task A_pipe_takes_more_than_its_room_as_fast_as_it_is_read(string way)
    {
        string text = string.Concat(Enumerable.Repeat("0123456789abcde\n", 64 * 1024));
        await using FileStream reader = OpenPipe();

        Task writing = WriteAsync();
        byte[] read = new byte[text.Length];
        await reader.ReadExactlyAsync(read, Cancellation).AsTask().InTimeAsync();
        await writing.InTimeAsync();

        Assert.Equal(text, Encoding.UTF8.GetString(read));

        async Task WriteAsync()
        {
            switch (way)
            {
                case "whole":
                    await Files.WriteTextAsync(At("pipe"), text, null, Cancellation);
                    break;
                case "lines":
                    await Files.WriteLinesAsync(At("pipe"), text.TrimEnd().Split('\n').ToAsyncEnumerable(), null, Cancellation);
                    break;
                case "append":
                    await Files.AppendTextAsync(At("pipe"), text, Cancellation);
                    break;
                default:
                    await using (Stream stream = await Files.OpenWriteAsync(At("pipe"), new FileOpenOptions { Append = way != "stream" }, Cancellation))
                    {
                        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Cancellation);
                    }

                    break;
            }
        }
    }

    [Fact]
    public async Task A_pipe_that_nobody_reads_holds_no_call_that_is_given_up_and_its_end_is_an_error()
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        FileStream reader = OpenPipe();
        Task given = Files.WriteBytesAsync(At("pipe"), new byte[1 << 20], null, end.Token);
        Task broken = Files.WriteBytesAsync(At("pipe"), new byte[1 << 20], null, Cancellation);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given).InTimeAsync();
        await reader.DisposeAsync();

        IOException error = await Assert.ThrowsAsync<IOException>(() => broken).InTimeAsync();
        Assert.Contains("'" + At("pipe") + "'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The reading end of a pipe with a name: open for writing too, so that opening it waits for nobody.</summary>
    private FileStream OpenPipe()
    {
        using System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", [At("pipe")]);
        made.WaitForExit();
        return new FileStream(At("pipe"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }
}
