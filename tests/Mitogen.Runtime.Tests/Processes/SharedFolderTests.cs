using System.Diagnostics;
using Mitogen.Import;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Starting;

namespace Mitogen.Runtime.Tests.Processes;

/// <summary>What other users of this machine could get in between: folders, programs and terminals.</summary>
public sealed class SharedFolderTests : LeakCheckedTest
{
    public static TheoryData<string, string, bool> Places => PlaceTests.Places;

    [Theory]
    [MemberData(nameof(Places))]
    public void A_folder_in_which_others_could_change_what_is_made_is_not_used(string owner, string mode, bool isSafe)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        string folder = Directory.CreateTempSubdirectory("test-place-").FullName;
        try
        {
            using var change = Process.Start("sh", ["-c", $"chown {owner} {folder}; chmod {mode} {folder}"]);
            change.WaitForExit();
            Assert.Equal(isSafe, SharedFolder.IsSafe(folder));
            using PrivateDirectory? made = PrivateDirectory.TryCreate(folder);
            Assert.Equal(isSafe, made is not null);
            if (made is not null)
            {
                Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(made.Path));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_used() => Assert.False(SharedFolder.IsSafe("/nowhere"));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("tools-of-the-test")]
    public void A_program_of_the_current_folder_is_not_run(string entry)
    {
        const string Name = "only-here-in-the-test";
        string folder = Path.Combine(Environment.CurrentDirectory, entry is "" or "." ? "" : entry);
        _ = Directory.CreateDirectory(folder);
        string tool = Path.Combine(folder, Name);
        File.WriteAllText(tool, "#!/bin/sh\n");
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{entry}:/usr/bin");
        try
        {
            Assert.Throws<FileNotFoundException>(() => ExecutableLookup.Find(Name));
            Assert.Equal("/usr/bin/env", ExecutableLookup.Find("env"));
            Assert.Equal(tool, ExecutableLookup.Find(tool));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
            File.Delete(tool);
        }
    }

    [Fact]
    public async Task Nobody_else_may_write_to_a_terminal()
    {
        ChildProcessOptions options = new() { FileName = "sh", Arguments = ["sh", "-c", "stat -L -c %a /proc/self/fd/2"], Terminal = true };
        Assert.Equal("600\n", await Children.OutputAsync(options));
    }
}
