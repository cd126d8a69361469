using System.Diagnostics;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>What the stages change in their process is not what the program starts with.</summary>
public sealed class StageTraceTests : LeakCheckedTest
{
    // Names that scripts like to use, and those that the tools of the stages change.
    private static readonly string[] s_own =
    [
        "HOME=/root", "PATH=/usr/bin:/bin", "OLDPWD=/usr", "LC_CTYPE=xx_YY", "PERL_BADLANG=1",
        .. "abcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}=own {letter}"),
        "DOTNET_gcServer=1", "DOTNET_STARTUP_HOOKS=/no/such/hook.dll", "CORECLR_ENABLE_PROFILING=1", "COMPlus_TieredCompilation=0", "COREHOST_TRACE=1",
        "MANY_LINES=1\nDOTNET_gcConcurrent=0\n2", "NOT_DOTNET_X='\"$(exit 1)",
    ];

    private readonly string _home = Directory.CreateTempSubdirectory("test-home-").FullName;

    public static TheoryData<string, string> Ways { get; } = new(
        from shell in StageShells.All
        from way in (string[])["perl", "python3", "none", "cached"]
        select (shell, way));

    public static TheoryData<string> Shells { get; } = [.. StageShells.All];

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        await base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_mask_for_new_files_is_the_shells(string shell, string way)
    {
        foreach (string mask in (string[])["0022", "0002", "0137"])
        {
            IReadOnlyList<string> status = await RunAsync(shell, way, $"umask {mask}; exec", "/bin/cat", "/proc/self/status");

            Assert.Contains($"Umask:\t{mask}", status);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_environment_is_the_shells_and_what_a_runtime_reads_is_put_aside(string shell, string way)
    {
        foreach (bool isBare in (bool[])[false, true])
        {
            string[] own = [.. s_own.Where(variable => !isBare || !variable.StartsWith("LC_", StringComparison.Ordinal) && !variable.StartsWith("PERL", StringComparison.Ordinal))];
            string[] command = ["env", "-i", .. own, "HOME=" + _home];

            string environment = await RunCommandAsync([.. command, .. shell.Split(' ')], way, "/bin/cat", "/proc/self/environ");
            string ofShell = await OutputAsync([.. command, .. shell.Split(' '), "-c", "cat /proc/self/environ; exit"]);

            string[] expected = [.. own.Skip(1).Append("HOME=" + _home).Select(variable => IsRuntimes(variable) ? "mitogen_kept_" + variable : variable)];
            string[] names = [.. expected.Select(NameOf), .. own.Select(NameOf)];
            string[] shells = [.. ofShell.Split('\0').Select(NameOf).Except(names), "_", "SHLVL", "_AST_FEATURES"]; // shells add some
            expected = [.. expected.Where(variable => NameOf(variable) != "OLDPWD"), .. ofShell.Split('\0').Where(variable => NameOf(variable) == "OLDPWD")];
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                environment.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(variable => !shells.Contains(NameOf(variable))).Order(StringComparer.Ordinal));
        }

        static bool IsRuntimes(string variable) => variable.StartsWith("DOTNET_", StringComparison.Ordinal)
            || variable.StartsWith("CORE", StringComparison.Ordinal) || variable.StartsWith("COMPlus_", StringComparison.Ordinal);

        static string NameOf(string variable) => variable.Split('=')[0];
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_current_directory_is_the_shells_and_the_root_where_that_is_deleted(string shell, string way)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_home, "here")).FullName;

        Assert.Equal([folder], await RunAsync(shell, way, $"cd {folder}; exec", "/bin/readlink", "/proc/self/cwd"));
        Assert.Equal(["/"], await RunAsync(shell, way, $"mkdir -p {folder}; cd {folder}; rmdir {folder}; exec", "/bin/readlink", "/proc/self/cwd"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_closed_output_is_told_at_once(string shell)
    {
        StageRun run = new() { Command = ["sh", "-c", "\"$@\" 1>&-", "sh", .. shell.Split(' ')], Tool = "none" };

        string error = await run.ErrorAsync(Cancellation);

        Assert.Contains("Standard output is closed", error, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> RunAsync(string shell, string way, string before, params string[] executable) =>
        (await RunCommandAsync(["env", "HOME=" + _home, "sh", "-c", before + " \"$@\"", "sh", .. shell.Split(' ')], way, executable))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> OutputAsync(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        using StreamReader outputReader = process.StandardOutput;
        string output = await outputReader.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output;
    }

    private async Task<string> RunCommandAsync(string[] command, string way, params string[] executable)
    {
        foreach (string cache in Directory.GetDirectories(_home, ".cache"))
        {
            Directory.Delete(cache, recursive: true);
        }

        string? last = null;
        for (int attempt = 0; attempt < (way == "cached" ? 2 : 1); attempt++)
        {
            StageRun run = new() { Command = command, Tool = way == "cached" ? "none" : way, Executable = executable, IsCached = way == "cached" };
            (string output, string error, int exit) = await run.RunAsync(Cancellation);
            Assert.Equal(0, exit);
            Assert.Equal("", string.Concat(error.Split('\n').Where(line => !line.Contains("getcwd", StringComparison.Ordinal))));
            string verb = way != "cached" ? "" : attempt == 0 ? "mitogen:marker send\n" : "mitogen:marker cached\n";
            Assert.StartsWith(verb, output, StringComparison.Ordinal);
            Assert.True(last is null || last == output[verb.Length..] || executable[0].EndsWith("cat", StringComparison.Ordinal), output);
            last = output[verb.Length..];
        }

        return last!;
    }
}
