using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A line on which nothing comes any more, and that does not end either: the stage ends by itself and leaves nothing.</summary>
public sealed class DeadLineTests : LeakCheckedTest
{
    private readonly string _home = Directory.CreateTempSubdirectory("test-home-").FullName;

    public static TheoryData<string, string> Ways { get; } = new(
        from shell in StageShells.All
        from way in (string[])["perl", "python3", "none", "cached"]
        select (shell, way));

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        await base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_stage_gives_up_what_does_not_come(string shell, string way)
    {
        StageRun run = new()
        {
            Command = ["env", "HOME=" + _home, .. shell.Split(' ')],
            Tool = way == "cached" ? "none" : way,
            IsCached = way == "cached",
            IsCompressed = way != "none",
            Cut = 12_000, // behind the script, and before the executable's end
            IsDead = true,
            Patience = TimeSpan.FromSeconds(1),
        };

        (string output, _, int exit) = await run.RunAsync(Cancellation).InTimeAsync();

        Assert.Equal((way == "cached" ? "mitogen:marker send\n" : "") + "mitogen:marker failed executable\n", output);
        Assert.Equal(1, exit);
        Assert.DoesNotContain(
            ((string[])["/dev/shm", "/tmp", "/var/tmp", "."]).Select(place => Path.Combine(place, ".mitogen-" + run.Directory)), Directory.Exists);
        Assert.DoesNotContain(Directory.EnumerateFiles(_home, "*", SearchOption.AllDirectories), _ => true);
    }
}
