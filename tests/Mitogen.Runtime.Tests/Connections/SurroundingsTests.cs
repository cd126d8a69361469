using System.Globalization;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Logging;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>The same program behaves the same wherever it runs: what surrounds a managed context changes only what it says it does.</summary>
public sealed class SurroundingsTests : LeakCheckedTest
{
    private static readonly (string Name, string Value)[] s_odd =
    [
        ("DOTNET_STARTUP_HOOKS", "/no/such/hook.dll"), ("DOTNET_gcServer", "1"), ("DOTNET_gcHeapHardLimit", "0x100000"), ("COREHOST_TRACE", "1"),
        ("CORECLR_ENABLE_PROFILING", "1"), ("CORECLR_PROFILER", "{cf0d821e-299b-5307-a3d8-b283c03916dd}"), ("CORECLR_PROFILER_PATH", "/no/such.so"),
        ("COMPlus_ReadyToRun", "0"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"), ("LC_ALL", "de_DE.ISO-8859-1"),
    ];

    private readonly RecordedLogs _logs = new();

    public static TheoryData<string> Targets => ["local", "isolated", "shell"];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task An_environment_does_not_change_the_program_and_goes_to_what_it_starts(string target)
    {
        await using MitogenRoot root = CreateRoot();
        await using IRemoteContext context = await ConnectAsync(root, target, s_odd);
        ISurroundings surroundings = context.Get<ISurroundings>();

        Surroundings seen = await surroundings.LookAsync();
        string[] environment = (await surroundings.RunAsync("env")).Split('\n');
        await context.Get<ITalker>().PrintAsync("Grüße, 世界\n");

        Assert.Equal((CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name), (seen.Format, seen.Texts));
        Assert.Equal(("utf-8", false, "held"), (seen.ConsoleEncoding, seen.IsServerCollector, seen.Setting));
        Assert.All(s_odd, variable => Assert.Contains($"{variable.Name}={variable.Value}", environment));
        Assert.DoesNotContain(environment, line => line.StartsWith("mitogen_", StringComparison.Ordinal) || line.StartsWith("mg_", StringComparison.Ordinal)
            || line.StartsWith("DOTNET_EnableDiagnostics", StringComparison.Ordinal) || line == "DOTNET_gcServer=0");
        await Eventually.UntilAsync(() => _logs.All.Any(record => record.Message == "Grüße, 世界"));

        // And with its children.
        await using IRemoteContext below = await context.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.Equal(seen, await below.Get<ISurroundings>().LookAsync());
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task What_a_context_starts_has_three_descriptors(string target)
    {
        await using MitogenRoot root = CreateRoot();
        await using IRemoteContext context = await ConnectAsync(root, target);

        string descriptors = await context.Get<ISurroundings>().RunAsync("cd /proc/$$/fd; for d in *; do [ $d -gt 9 ] || echo $d; done");
        Assert.Equal("0\n1\n2\n", descriptors.Replace("3\n", "", StringComparison.Ordinal)); // by which the shell looks
        Assert.DoesNotContain("pipe", await context.Get<ISurroundings>().RunAsync("ls -l /proc/$PPID/fd/8 /proc/$PPID/fd/9 2>/dev/null | grep /end/"), StringComparison.Ordinal);
        Assert.Equal("", await context.Get<ISurroundings>().RunAsync("grep -l 'State:.Z' /proc/[0-9]*/status 2>/dev/null | while read f; do grep -q \"PPid:.$PPID$\" $f && echo $f; done"));
    }

    [Theory]
    [InlineData("0022")]
    [InlineData("0027")]
    public async Task The_mask_for_new_files_is_the_targets(string mask)
    {
        await using MitogenRoot root = CreateRoot();
        await using IRemoteContext context = await root.ConnectAsync(
            new ExecConnection("sh", "-c", $"umask {mask}; exec \"$@\"", "sh") { Executable = ExecutableKind.Managed }, Cancellation);

        Assert.Equal($"{mask}\n", await context.Get<ISurroundings>().RunAsync("umask"));
    }

    [Fact]
    public async Task A_program_that_is_invariant_needs_no_ICU()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        await using MitogenRoot root = CreateRoot();
        string hide = "for f in $(ldconfig -p | sed -n 's/.*libicu.* => //p'); do mount --bind /dev/null $f; done; exec \"$@\"";

        await using IRemoteContext context = await root.ConnectAsync(
            new ExecConnection("unshare", "-m", "sh", "-c", hide, "sh") { Executable = ExecutableKind.Managed }, Cancellation);

        Assert.Equal("1.5", (await context.Get<ISurroundings>().LookAsync()).Number);
    }

    [Fact]
    public async Task A_local_context_of_a_program_without_a_directory_can_start_processes()
    {
        string program = Hosting.ProgramTests.ProgramPath;
        string output = await Processes.Children.OutputAsync(new Mitogen.Processes.ChildProcessOptions
        {
            FileName = "sh",
            Arguments = ["sh", "-c", "d=$(mktemp -d); cd $d; rmdir $d; exec \"$@\"", "sh", program, "run"],
        });

        Assert.Equal("/\n", output);
    }

    [Fact]
    public async Task Of_many_lines_before_the_hello_the_first_are_shown()
    {
        await using MitogenRoot root = CreateRoot();
        _ = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
            new ExecConnection("sh", "-c", "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo noise >&2; done; exit 1"), Cancellation));

        await Eventually.UntilAsync(() => _logs.All.Any(r => r.Message.Contains("more lines follow", StringComparison.Ordinal)));
        Assert.Equal(99, _logs.All.Count(static r => r.Message.Contains("noise", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_runtime_that_ends_at_once_leaves_no_directory()
    {
        await using MitogenRoot root = CreateRoot();
        string[] before = Places();

        _ = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
            new ExecConnection("sh", "-c", "ulimit -v 200000; exec \"$@\"", "sh") { Executable = ExecutableKind.Managed }, Cancellation));

        await Eventually.UntilAsync(() => !Places().Except(before).Any());
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_killed_context_leaves_no_files(string target)
    {
        await using MitogenRoot root = CreateRoot();
        await using IRemoteContext context = await ConnectAsync(root, target);
        int id = context.Info.ProcessId;

        using (var process = System.Diagnostics.Process.GetProcessById(id))
        {
            process.Kill();
        }

        await Eventually.UntilAsync(() => context.Disconnected.IsCancellationRequested);
        Assert.DoesNotContain(Directory.GetFileSystemEntries("/tmp"), path => path.Contains($"-{id}-", StringComparison.Ordinal));
    }

    private static string[] Places() => [.. ((string[])["/dev/shm", "/tmp", "/var/tmp"]).SelectMany(place => Directory.GetFileSystemEntries(place, ".mitogen-*"))];

    private MitogenRoot CreateRoot() => MitogenRoot.Create(new MitogenOptions { LoggerFactory = _logs });

    private static async Task<IRemoteContext> ConnectAsync(MitogenRoot root, string target, params (string Name, string Value)[] variables)
    {
        if (target == "shell")
        {
            return await root.ConnectAsync(
                new ExecConnection(["env", .. variables.Select(variable => $"{variable.Name}={variable.Value}")]) { Executable = ExecutableKind.Managed }, Cancellation);
        }

        foreach ((string name, string value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            return await root.ConnectAsync(new LocalConnection { Isolated = target == "isolated" }, Cancellation);
        }
        finally
        {
            foreach ((string name, _) in variables)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
