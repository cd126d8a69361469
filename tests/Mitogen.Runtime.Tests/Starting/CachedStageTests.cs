using System.Security.Cryptography;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>The stage that keeps an executable on the target, with homes of all kinds. What cannot be kept is run all the same.</summary>
public sealed class CachedStageTests : LeakCheckedTest
{
    private const string Executable = "/bin/readlink";
    private const string Nobody = "exec setpriv --reuid 65534 --regid 65534 --clear-groups";

    private readonly string _home = Directory.CreateTempSubdirectory("test-home-").FullName;

    public static TheoryData<string> Shells { get; } = [.. StageShells.All];

    /// <summary>What is done to the home before the shell is started, in a mount namespace of its own.</summary>
    public static TheoryData<string, string> Homes { get; } = new(
        from shell in StageShells.All
        from home in (string[])
        [
            "mount -t tmpfs -o noexec home $HOME; exec",
            "mount -t tmpfs -o ro home $HOME; exec",
            "mount -t tmpfs -o size=16k home $HOME; exec",
            $"chmod 755 $HOME; {Nobody}",
            $"chmod 777 $HOME; {Nobody}",
            "unset HOME; exec",
            "HOME=/nowhere/at/all; exec",
        ]
        select (shell, home));

    private string Cache => Path.Combine(_home, ".cache/mitogen");

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        await base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_executable_is_sent_once_and_runs_where_the_shell_was(string shell)
    {
        await RunsAsync(shell, "exec", "send");
        string kept = Assert.Single(Directory.GetFiles(Cache));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Executable, Cancellation))), Path.GetFileName(kept));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Cache));

        await RunsAsync(shell, "exec", "cached");
        await RunsAsync(shell, "chmod 777 $HOME; exec", "cached");
        Assert.Equal(kept, Assert.Single(Directory.GetFiles(Cache)));
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public async Task In_a_home_that_cannot_keep_it_an_executable_runs(string shell, string home)
    {
        await RunsAsync(shell, home, "send");
        await RunsAsync(shell, home, "send", "perl");
        Assert.Empty(Directory.GetFileSystemEntries(_home));
    }

    [Theory]
    [InlineData("noexec")]
    [InlineData("ro")]
    public async Task What_was_kept_and_can_no_longer_be_run_is_sent_again(string option)
    {
        // The other shells take the mode's word for what can be run.
        foreach (string shell in StageShells.All.Where(shell => option == "ro" || shell.StartsWith("bash", StringComparison.Ordinal) || shell is "dash" or "mksh"))
        {
            await RunsAsync(shell, "exec", Directory.Exists(Cache) ? "cached" : "send");
            await RunsAsync(shell, $"mount --bind $HOME $HOME; mount -o remount,bind,{option} $HOME; exec", "send");
            _ = Assert.Single(Directory.GetFiles(Cache));
        }
    }

    [Theory]
    [InlineData("cp EXECUTABLE HASH; chown 65534 HASH")]
    [InlineData("cp EXECUTABLE /tmp/PLANTED; chown 65534 /tmp/PLANTED; ln -s /tmp/PLANTED HASH")]
    public async Task What_somebody_else_put_there_is_not_run(string planted)
    {
        // The directory was open to others once; the file has the right bytes, and its owner may change them at any time.
        string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Executable, Cancellation)));
        string name = Path.GetFileName(_home) + "-planted";
        string plant = planted.Replace("EXECUTABLE", Executable, StringComparison.Ordinal).Replace("HASH", hash, StringComparison.Ordinal)
            .Replace("PLANTED", name, StringComparison.Ordinal);
        foreach (string shell in StageShells.All)
        {
            await RunsAsync(shell, $"mkdir -p $HOME/.cache/mitogen; (cd $HOME/.cache/mitogen; {plant}; chmod 777 . {hash}); exec", "send");
            Assert.Null(new FileInfo(Path.Combine(Cache, hash)).LinkTarget);
            await RunsAsync(shell, "exec", "cached"); // what was put in its place is this user's own
            Directory.Delete(Cache, recursive: true);
            File.Delete("/tmp/" + name);
        }
    }

    [Fact]
    public async Task What_others_may_write_to_is_closed_to_them_before_it_is_looked_at()
    {
        foreach (string shell in StageShells.All)
        {
            await RunsAsync(shell, "exec", Directory.Exists(Cache) ? "cached" : "send");
            string kept = Assert.Single(Directory.GetFiles(Cache));
            File.SetUnixFileMode(kept, (UnixFileMode)0b111_111_111);
            await RunsAsync(shell, "exec", "cached");
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(kept));
        }
    }

    private async Task RunsAsync(string shell, string home, string verb, string tool = "none")
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        StageRun run = new()
        {
            Command = ["env", "-u", "XDG_CACHE_HOME", "HOME=" + _home, "unshare", "-m", "sh", "-c", home + " \"$@\"", "sh", .. shell.Split(' ')],
            Tool = tool,
            Executable = [Executable, "/proc/self/cwd"],
            IsCached = true,
        };
        Assert.Equal(($"mitogen:marker {verb}\n{Environment.CurrentDirectory}\n", "", 0), await run.RunAsync(Cancellation));
    }
}
