using Mitogen.Runtime.Tests.Samples;

namespace Mitogen.Hosts.Tests.Samples;

/// <summary>The built sample with its static native executable beside it, which is published once for all tests.</summary>
internal static class FleetProgram
{
    private const string Project = "samples/Fleet";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private static readonly Lazy<Task<string>> s_published = new(PublishAsync);

    public static void SkipUnlessPublishable() => TestHost.Needs("clang", "ld.lld");

    /// <summary>Runs the sample as it was built, without an executable.</summary>
    public static Task<ToolResult> RunAsync(params string[] arguments) =>
        HostCommand.RunAsync(["dotnet", Path.Combine(Repository.OutputOf(Project), "Fleet.dll"), .. arguments]);

    /// <summary>Starts the sample as it was built, for who does not wait for its end.</summary>
    public static System.Diagnostics.Process Start(params string[] arguments) =>
        HostCommand.Start(["dotnet", Path.Combine(Repository.OutputOf(Project), "Fleet.dll"), .. arguments]);

    /// <summary>Runs the sample with an executable.</summary>
    /// <param name="dockerHost">The daemon that its docker talks to.</param>
    /// <param name="arguments">The sample's arguments.</param>
    public static async Task<ToolResult> RunWithExecutableAsync(string dockerHost, params string[] arguments) =>
        await HostCommand.RunAsync(["env", $"DOCKER_HOST={dockerHost}", "dotnet", Path.Combine(await s_published.Value, "Fleet.dll"), .. arguments]);

    /// <summary>As a user does it, but in a folder of its own. What is up to date is not made again.</summary>
    private static async Task<string> PublishAsync()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Fleet");
        _ = await HostCommand.OutputAsync("mkdir", "-p", folder);
        _ = await HostCommand.OutputAsync("cp", "-r", Repository.OutputOf(Project) + "/.", folder);
        ToolResult built = await HostCommand.RunAsync(
            s_patience,
            "dotnet", "build", Path.Combine(Repository.Root, Project), "-t:MitogenExecutables", "-p:MitogenExecutableStatic=true", "-p:RunAnalyzers=false",
            $"-p:OutDir={folder}/", "-v:quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        Assert.True(built.Code == 0, built.ToString());

        // The serializer's library has its two, and the sample and its front end none.
        Assert.DoesNotContain(
            built.Output.Split('\n'),
            line => line.Contains(": warning ", StringComparison.Ordinal) && !line.Contains("MemoryPack.Core.dll", StringComparison.Ordinal));
        return folder;
    }
}
