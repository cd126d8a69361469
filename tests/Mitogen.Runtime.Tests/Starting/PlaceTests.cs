using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>Where a stage makes its directory on a machine that others use as well.</summary>
public sealed class PlaceTests : LeakCheckedTest
{
    private const string Nobody = "65534";

    private readonly string _place = Directory.CreateTempSubdirectory("test-place-").FullName;

    /// <summary>An owner and a mode, and whether what is made there is safe from others.</summary>
    public static TheoryData<string, string, bool> Places { get; } = new()
    {
        { "0", "700", true },
        { "0", "755", true },
        { "0", "1777", true },
        { "0", "777", false },
        { "0", "770", false },
        { Nobody, "700", false },
        { Nobody, "755", false },
        { Nobody, "1777", false },
    };

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_place, recursive: true);
        await base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_place_in_which_others_could_change_it_is_left_alone(string owner, string mode, bool isSafe)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        foreach (string shell in StageShells.All)
        {
            StageRun run = new()
            {
                Command = ["env", "XDG_RUNTIME_DIR=" + _place, "sh", "-c", $"chown {owner} {_place}; chmod {mode} {_place}; exec \"$@\"", "sh", .. shell.Split(' ')],
                Tool = "none",
                Executable = ["/bin/readlink", "/proc/self/exe"],
            };

            (string output, string error, _) = await run.RunAsync(Cancellation);

            Assert.Equal("", error);
            Assert.EndsWith($"/.mitogen-{run.Directory}/mitogen (deleted)\n", output, StringComparison.Ordinal);
            Assert.Equal(isSafe, output.StartsWith(_place + "/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_name_that_is_there_already_is_not_used()
    {
        foreach (string there in (string[])["mkdir", "touch", "ln -s /nowhere"])
        {
            StageRun run = new() { Command = ["sh"], Tool = "none", Executable = ["/bin/readlink", "/proc/self/exe"] };
            string planted = $"{_place}/.mitogen-{run.Directory}";
            run = run with { Command = ["env", "XDG_RUNTIME_DIR=" + _place, "sh", "-c", $"{there} {planted}; exec sh \"$@\"", "sh"] };

            (string output, _, _) = await run.RunAsync(Cancellation);

            Assert.DoesNotContain(_place, output, StringComparison.Ordinal);
            Assert.EndsWith("(deleted)\n", output, StringComparison.Ordinal);
            Assert.Empty(Directory.Exists(planted) ? Directory.GetFileSystemEntries(planted) : []);
        }
    }

    [Theory]
    [InlineData("perl")]
    [InlineData("python3")]
    public async Task Its_name_stands_in_no_arguments_before_it_is_made_and_in_no_environment_of_the_executable(string tool)
    {
        // What everybody on the machine sees of the tool that makes memory files, and may make first.
        string seen = Path.Combine(_place, "seen");
        string real = Assert.IsType<string>(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists));
        string stand = Path.Combine(_place, tool);
        await File.WriteAllTextAsync(stand, $"#!/bin/sh\nprintf '%s\\n' \"$@\" >> {seen}\nexec {real} \"$@\"\n", Cancellation);
        File.SetUnixFileMode(stand, (UnixFileMode)0b111_101_101);
        StageRun run = new()
        {
            Command = ["env", $"PATH={_place}:{Environment.GetEnvironmentVariable("PATH")}", "sh"],
            Tool = tool,
            Executable = ["/usr/bin/env"],
        };

        (string output, _, _) = await run.RunAsync(Cancellation);

        string arguments = await File.ReadAllTextAsync(seen, Cancellation);
        Assert.Contains("mkdir", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Directory, arguments, StringComparison.Ordinal);
        Assert.Contains("PATH=", output, StringComparison.Ordinal);
        Assert.DoesNotContain("mg_", output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Directory, output, StringComparison.Ordinal);
    }
}
