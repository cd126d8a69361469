using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Mitogen.Bootstrap;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Bootstrap;

/// <summary>The shell's part of a start, in every shell that is here, with an executable that is a script's stand-in: <c>/bin/echo</c>.</summary>
public sealed class StageTests : LeakCheckedTest
{
    private const string Payload = "/bin/echo";

    private static readonly string[][] s_shells =
        [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "ash"], ["mksh"], ["ksh"], ["zsh", "--emulate", "sh"]];

    public static TheoryData<string, string> Ways { get; } = new(
        from shell in s_shells.Where(shell => Find(shell[0])).Select(shell => string.Join(' ', shell))
        from tool in (string[])["perl", "python3", "none"]
        select (shell, tool));

    public static TheoryData<string> Shells { get; } = [.. s_shells.Where(shell => Find(shell[0])).Select(shell => string.Join(' ', shell))];

    [Fact]
    public void The_first_stage_is_short_and_needs_no_quoting()
    {
        string script = StageScripts.First(HelloScanner.MarkerOf(new byte[Handshake.NonceSize]));

        Assert.InRange(script.Length, 1, 1024);
        Assert.DoesNotContain(script, c => c is '\'' or '\\' or '!' or '\n' or > '~' or < ' ');
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_native_payload_runs_and_leaves_nothing(string shell, string tool)
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

    /// <summary>As a parent would: starts a shell with the first stage, and sends it the second and the payload.</summary>
    private static async Task<(string Output, string Error, int Exit)> RunAsync(string shell, string tool, bool isCompressed, int? cut)
    {
        string marker = RandomNumberGenerator.GetHexString(32, lowercase: true);
        string directory = RandomNumberGenerator.GetHexString(24, lowercase: true);
        string[] words = shell.Split(' ');
        ProcessStartInfo start = new(words[0], [.. words[1..], "-c", StageScripts.First(marker)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
        string report = (await process.StandardOutput.ReadLineAsync(Cancellation))!;
        Assert.StartsWith($"mitogen:{marker} report Linux ", report, StringComparison.Ordinal);
        TargetReport target = TargetReport.Parse(report.Split(' ', 3)[2]);
        Assert.True(tool == "none" || target.Has(tool));
        target = target with { Paths = [.. target.Paths.Where(path => Path.GetFileName(path) is not ("perl" or "python3") || Path.GetFileName(path) == tool)] };

        byte[] file = await File.ReadAllBytesAsync(Payload, Cancellation);
        Packed payload = isCompressed ? Packed.Compress(file) : new Packed(file, file.Length, IsCompressed: false);
        byte[] bytes =
            [.. Encoding.UTF8.GetBytes(StageScripts.Native(target, payload, null, marker, directory, ["it", "runs"])), .. payload.Bytes.Span];
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(bytes.AsMemory(0, cut ?? bytes.Length), Cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell was cut off before it read all.
        }

        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        foreach (string place in (string[])["/dev/shm", "/tmp", "/var/tmp", "."])
        {
            Assert.False(Directory.Exists(Path.Combine(place, ".mitogen-" + directory)), place);
        }

        return (output, await error, process.ExitCode);
    }

    private static bool Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));
}
