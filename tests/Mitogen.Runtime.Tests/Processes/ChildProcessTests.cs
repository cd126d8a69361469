using System.Globalization;
using System.Runtime.InteropServices;
using Mitogen.Interop;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

public sealed partial class ChildProcessTests : LeakCheckedTest
{
    [Theory]
    [InlineData("exit 0", 0, null, "exited with code 0")]
    [InlineData("exit 7", 7, null, "exited with code 7")]
    [InlineData("exit 255", 255, null, "exited with code 255")]
    [InlineData("kill -9 $$", null, 9, "was killed by signal 9 (SIGKILL)")]
    [InlineData("kill -13 $$", null, 13, "was killed by signal 13 (SIGPIPE)")]
    public async Task Tells_how_it_ended(string script, int? code, int? signal, string text)
    {
        foreach (bool poll in new[] { false, true })
        {
            var child = ChildProcess.Start(new() { FileName = "sh", Arguments = ["sh", "-c", script], PollForExit = poll });
            ChildExit exit = await child.Exited.InTimeAsync();

            Assert.Equal(new ChildExit(code, signal), exit);
            Assert.Equal(text, exit.ToString());
            Assert.False(IsAlive(child.Pid)); // a zombie would be
            await child.EndAsync(Patience);
        }
    }

    [Fact]
    public async Task Tells_when_something_else_took_its_status()
    {
        var child = ChildProcess.Start(Shell("read line; exit 3"));
        child.Transport.CloseWriting();
        _ = WaitPid(child.Pid, 0, 0);
        ChildExit exit = await child.Exited.InTimeAsync();

        // Who comes first is the kernel's choice; both must be right.
        Assert.Contains(exit, new[] { default, new ChildExit(3, null) });
        await child.EndAsync(Patience);
    }

    [Fact]
    public void Names_a_program_that_is_not_there()
    {
        var error = Assert.Throws<FileNotFoundException>(() => Start("no-such-program"));
        Assert.Equal("There is no program 'no-such-program' in a folder of PATH.", error.Message);
        Assert.Equal("no-such-program", error.FileName);
        Assert.Throws<FileNotFoundException>(() => Start("/no/such/program"));
        Assert.Throws<FileNotFoundException>(() => Start("/tmp"));
    }

    [Fact]
    public void Names_a_program_that_is_not_allowed_or_not_one()
    {
        string file = Path.Combine(Path.GetTempPath(), "mitogen-test-" + Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllText(file, "hello");
            Assert.Throws<UnauthorizedAccessException>(() => Start(file));

            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Contains("did not start", Assert.Throws<IOException>(() => Start(file)).Message, StringComparison.Ordinal);

            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(file, "#!/no/such/shell\n");
            Assert.Contains("interpreter", Assert.Throws<FileNotFoundException>(() => Start(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Names_a_working_directory_that_is_not_there() =>
        Assert.Throws<DirectoryNotFoundException>(
            () => ChildProcess.Start(new() { FileName = "true", Arguments = ["true"], WorkingDirectory = "/no/such/folder" }));

    [Fact]
    public async Task Gets_its_arguments_environment_and_folder()
    {
        const string Script = """
            pwd; echo $0; echo "$1|$2"
            echo $MITOGEN_TEST_KEPT; echo ${MITOGEN_TEST_REMOVED-none}; echo $MITOGEN_TEST_SET
            tr '\0' '\n' </proc/$$/cmdline | head -1
            """;
        Environment.SetEnvironmentVariable("MITOGEN_TEST_KEPT", "kept");
        Environment.SetEnvironmentVariable("MITOGEN_TEST_REMOVED", "there");
        try
        {
            string output = await OutputAsync(new()
            {
                FileName = "sh",
                Arguments = ["other name", "-c", Script, "zero", "a b", "ü"],
                Environment = new Dictionary<string, string?> { ["MITOGEN_TEST_REMOVED"] = null, ["MITOGEN_TEST_SET"] = "a=b" },
                WorkingDirectory = "/usr",
            });
            Assert.Equal("/usr\nzero\na b|ü\nkept\nnone\na=b\nother name\n", output);
        }
        finally
        {
            Environment.SetEnvironmentVariable("MITOGEN_TEST_KEPT", null);
            Environment.SetEnvironmentVariable("MITOGEN_TEST_REMOVED", null);
        }
    }

    [Theory]
    [InlineData(nameof(ChildStreams.Socket))]
    [InlineData(nameof(ChildStreams.Pipes))]
    public async Task Inherits_its_three_streams_and_nothing_else(string streams)
    {
        // A descriptor without close-on-exec, as this process may have been started with.
        using var stray = Descriptor.Open("/dev/null", 0);
        using (Descriptor.Lease fd = stray.Use())
        {
            Assert.Equal(0, Libc.Control(fd.Fd, 2 /* F_SETFD */, 0));
        }

        string output = await OutputAsync(new()
        {
            FileName = "ls",
            Arguments = ["ls", "-1", "/proc/self/fd"],
            Streams = Enum.Parse<ChildStreams>(streams),
        });
        Assert.Equal("0\n1\n2\n3\n", output); // 3 is the folder that ls reads
    }

    [Fact]
    public async Task Starts_with_clean_signals_in_a_session_of_its_own()
    {
        // Not asked through a shell: it blocks signals itself while it starts the next program.
        string signals = await OutputAsync(new() { FileName = "grep", Arguments = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"] });
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", signals);

        string output = await OutputAsync(Shell("echo $$; ps -o pid=,pgid=,sid= -p $$"));
        string[] ids = output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, ids.Length);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Starts_many_at_once()
    {
        string[] outputs = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => OutputAsync(Shell($"cat; echo {i}")))));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"), outputs);
    }

    [Fact]
    public async Task Is_watched_by_one_thread_that_ends_after_the_last()
    {
        var children = Enumerable.Range(0, 5).Select(_ => ChildProcess.Start(Shell("cat"))).ToArray();
        Assert.Single(WatchThreads());
        foreach (ChildProcess child in children)
        {
            await child.EndAsync(Patience);
        }

        await Eventually.UntilAsync(() => WatchThreads().Count == 0);
    }

    private static List<string> WatchThreads() =>
        [.. Directory.GetDirectories("/proc/self/task").Where(task => NameOf(task) == "mitogen-watch\n")];

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(task + "/comm");
        }
        catch (IOException)
        {
            return ""; // it ended between the listing and the look
        }
    }

    private static ChildProcess Start(string fileName) => ChildProcess.Start(new() { FileName = fileName, Arguments = [fileName] });

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, nint status, int options);
}
