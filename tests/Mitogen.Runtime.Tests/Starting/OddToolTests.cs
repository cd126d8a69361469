using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>Targets whose tools are found and do not run, or are of another family: the next way is taken.</summary>
public sealed class OddToolTests : LeakCheckedTest
{
    private const string VersionManager = "echo 'no version of it is set' >&2; exit 127";
    private const string Succeeds = "echo 'choose one: '; exit 0";
    private const string Asks = "echo 'Which version? '; read answer; exit 1";
    private const string Hangs = "exec /bin/sleep 1000";
    private const string Usage = "echo 'usage: see the manual' >&2; exit 1";

    private readonly string _folder = Directory.CreateTempSubdirectory("test-tools-").FullName;

    /// <summary>The stand-ins, and what they do.</summary>
    public static TheoryData<string[], string> Tools { get; } = new()
    {
        { ["perl"], VersionManager },
        { ["perl"], Succeeds },
        { ["perl"], Asks },
        { ["perl"], Hangs },
        { ["python3"], VersionManager },
        { ["perl", "python3"], VersionManager },
        { ["perl", "python3"], Asks },
        { ["dd"], Usage },
        { ["head"], Usage },
        { ["dd", "head"], "case $* in *-c*|*iflag*) " + Usage + ";; esac; exec /bin/${0##*/} \"$@\"" },
        { ["wc"], Usage },
        { ["ls"], "case $* in *L*) " + Usage + ";; esac; exec /bin/ls \"$@\"" },
        { ["gzip"], VersionManager },
        { ["sleep"], Usage },
        { ["timeout"], Usage },
        { ["env"], Usage },
    };

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task The_next_way_is_taken(string[] tools, string script)
    {
        foreach (string tool in tools)
        {
            string path = Path.Combine(_folder, tool);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n", Cancellation);
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        bool hasGzip = !tools.Contains("gzip");
        foreach (string shell in (string[])["dash", "bash"])
        {
            foreach (bool isCached in (bool[])[false, true])
            {
                StageRun run = new()
                {
                    Command = ["env", $"PATH={_folder}:{Environment.GetEnvironmentVariable("PATH")}", "HOME=" + _folder, shell],
                    Tool = "both",
                    IsCompressed = hasGzip,
                    HasGzip = hasGzip,
                    IsCached = isCached,
                };

                (string output, _, int exit) = await run.RunAsync(Cancellation);

                Assert.Equal((isCached ? "mitogen:marker send\nit runs\n" : "it runs\n", 0), (output, exit));
            }

            Directory.Delete(Path.Combine(_folder, ".cache"), recursive: true);
        }
    }
}
