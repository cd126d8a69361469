using System.Diagnostics;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>Files of contexts that are processes, and end.</summary>
public sealed class FileProcessTests : LeakCheckedTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit-").FullName;

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_is_killed_at_any_step_leaves_the_old_content_or_the_new()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        string path = _folder + "/file";
        foreach (string step in Enum.GetNames<PartStep>())
        {
            await File.WriteAllTextAsync(path, "old", Cancellation);
            await using IRemoteContext context = await root.ConnectAsync(new LocalConnection(), Cancellation);
            await context.Get<IFileKiller>().KillAtAsync(step);

            await Assert.ThrowsAsync<ContextLostException>(
                () => context.Get<IFiles>().WriteTextAsync(path, "new", null, Cancellation)).InTimeAsync();

            bool isRenamed = step is nameof(PartStep.Renamed) or nameof(PartStep.FolderFlushed);
            Assert.Equal(isRenamed ? "new" : "old", await File.ReadAllTextAsync(path, Cancellation));
            Assert.Equal(
                isRenamed ? [path] : [_folder + "/.file.mitogen-part", path],
                Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal));

            await root.Get<IFiles>().WriteTextAsync(path, "next", null, Cancellation);
            Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
        }
    }

    [Fact]
    public async Task A_link_that_is_cut_while_a_content_comes_leaves_the_old_one()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        string path = _folder + "/file";
        await File.WriteAllTextAsync(path, "old", Cancellation);
        IRemoteContext context = await root.ConnectAsync(new LocalConnection(), Cancellation);
        System.IO.Pipelines.Pipe pipe = new();
        Task write = context.Get<IFiles>().WriteAsync(path, pipe.Reader.AsStream(), null, Cancellation);
        await pipe.Writer.WriteAsync(new byte[100_000], Cancellation);
        await Eventually.UntilAsync(() => new FileInfo(_folder + "/.file.mitogen-part") is { Exists: true, Length: 100_000 });

        // It ends in order: its part goes with it.
        await context.DisposeAsync();

        await Assert.ThrowsAsync<ContextLostException>(() => write).InTimeAsync();
        Assert.Equal("old", await File.ReadAllTextAsync(path, Cancellation));
        await root.Get<IFiles>().WriteTextAsync(path, "next", null, Cancellation);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Temporary_entries_go_with_their_context_and_those_of_a_killed_one_with_the_next()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext first = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext second = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IFiles files = first.Get<IFiles>();
        string file = await files.CreateTemporaryFileAsync(_folder, Cancellation);
        string folder = await files.CreateTemporaryFolderAsync(_folder, Cancellation);
        await files.WriteTextAsync(folder + "/a", "x", null, Cancellation);
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(file));
        string living = await second.Get<IFiles>().CreateTemporaryFileAsync(_folder, Cancellation);
        Assert.True(File.Exists(file));

        await second.DisposeAsync();
        Assert.False(File.Exists(living));
        int process = await first.Get<IFileKiller>().KillAtAsync("");
        using (Process killed = Process.GetProcessById(process))
        {
            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
        }

        Assert.True(File.Exists(file));
        await using IRemoteContext third = await root.ConnectAsync(new LocalConnection(), Cancellation);
        _ = await third.Get<IFiles>().CreateTemporaryFileAsync(_folder, Cancellation);
        Assert.False(File.Exists(file));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_context_that_is_not_root_gets_the_errors_of_the_file_system()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root becomes another user without a password.");
        await using MitogenRoot root = MitogenRoot.Create();
        await using IRemoteContext context = await root.ConnectAsync(
            new ExecConnection("setpriv", "--reuid=1", "--clear-groups") { Name = "daemon" }, Cancellation);
        IFiles files = context.Get<IFiles>();

        UnauthorizedAccessException error =
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => files.WriteTextAsync("/etc/passwd", "", null, Cancellation));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => files.ReadTextAsync("/etc/shadow", null, Cancellation));
        List<WalkEntry> walked = [];
        Directory.CreateDirectory(_folder + "/closed", (UnixFileMode)0x1c0);
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ed);
        await File.WriteAllTextAsync(_folder + "/open", "", Cancellation);
        await foreach (WalkEntry entry in files.WalkAsync(_folder, null, Cancellation))
        {
            walked.Add(entry);
        }

        Assert.Contains("'/etc/passwd' in context 'daemon'", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, walked.Count);
        Assert.Contains("Permission denied", walked.Single(e => e.Stat!.Name == "closed").Problem, StringComparison.Ordinal);
        string temporary = await files.CreateTemporaryFolderAsync(null, Cancellation);
        await files.WriteTextAsync(temporary + "/own", "x", null, Cancellation);
        Assert.Equal("daemon", (await files.StatAsync(temporary + "/own", true, Cancellation)).User);
    }
}
