using Mitogen.Handshake;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>The shell's part of a start, in every shell that is here, with an executable that is a script's stand-in: <c>/bin/echo</c>.</summary>
public sealed class StageTests : LeakCheckedTest
{
    public static TheoryData<string, string> Ways { get; } = new(
        from shell in StageShells.All
        from tool in (string[])["perl", "python3", "none"]
        select (shell, tool));

    public static TheoryData<string> Shells { get; } = [.. StageShells.All];

    [Fact]
    public void The_first_stage_is_short_and_needs_no_quoting()
    {
        string script = StageScripts.First(HelloScanner.MarkerOf(new byte[HandshakeCodec.NonceSize]));

        Assert.InRange(script.Length, 1, 1024);
        Assert.DoesNotContain(script, c => c is '\'' or '\\' or '!' or '\n' or > '~' or < ' ');
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_native_executable_runs_and_leaves_nothing(string shell, string tool)
    {
        foreach (bool isCompressed in (bool[])[true, false])
        {
            (string output, string error, _) = await RunAsync(shell, tool, isCompressed, null);

            Assert.Equal("it runs\n", output);
            Assert.Equal("", error);
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_input_that_ends_anywhere_ends_the_shell_and_leaves_nothing(string shell)
    {
        foreach (string tool in (string[])["perl", "none"])
        {
            foreach (int length in (int[])[0, 1, 100, 1_000, 1_400, 1_800, 2_500, 5_000, 15_000])
            {
                (string output, _, int exit) = await RunAsync(shell, tool, isCompressed: true, length);

                Assert.NotEqual(0, exit);
                Assert.DoesNotContain("it runs", output, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Without_proc_a_native_executable_runs_by_its_name(string shell, string tool)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        StageRun run = new() { Command = ["unshare", "-m", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh", .. shell.Split(' ')], Tool = tool };

        (string output, string error, _) = await run.RunAsync(Cancellation);

        Assert.Equal("it runs\n", output);
        Assert.Equal("", error);
        Directory.Delete(Assert.Single(Places(run), Directory.Exists), recursive: true); // which a context does itself
    }

    private static async Task<(string Output, string Error, int Exit)> RunAsync(string shell, string tool, bool isCompressed, int? cut)
    {
        StageRun run = new() { Command = shell.Split(' '), Tool = tool, IsCompressed = isCompressed, Cut = cut };
        (string Output, string Error, int Exit) end = await run.RunAsync(Cancellation);
        Assert.DoesNotContain(Places(run), Directory.Exists);
        return end;
    }

    private static IEnumerable<string> Places(StageRun run) =>
        ((string[])["/dev/shm", "/tmp", "/var/tmp", "."]).Select(place => Path.Combine(place, ".mitogen-" + run.Directory));
}
