using System.Runtime.CompilerServices;
using Mitogen.Bootstrap;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.NativeAot.Tests;

/// <summary>The program that is published as a native executable, once for all tests, and lies among the payloads beside these tests.</summary>
public sealed class NativeProgram
{
    private const string Name = "Mitogen.NativeProgram";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private static readonly string s_project = Path.GetFullPath(Path.Combine(SourceFolder(), "..", Name));

    private static readonly Lazy<Task<string>> s_published = new(PublishAsync);

    /// <summary>The executable's path; skips the test where the linker of native programs is not installed.</summary>
    public static Task<string> PathAsync()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Assert.SkipUnless(
            Array.TrueForAll((string[])["clang", "ld.lld"], tool => folders.Any(folder => File.Exists(Path.Combine(folder, tool)))),
            "clang and lld are not installed (Debian: apt-get install clang lld zlib1g-dev).");
        return s_published.Value;
    }

    /// <summary>As a user does it. What is up to date is not made again.</summary>
    private static async Task<string> PublishAsync()
    {
        var dotnet = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Children.DotNetPath,
            Arguments =
            [
                "dotnet", "build", s_project, "-t:MitogenPayloads", "-p:MitogenPayloadStatic=true", "-p:RunAnalyzers=false",
                $"-p:OutDir={AppContext.BaseDirectory}", "-v:quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false",
            ],
            Streams = ChildStreams.Pipes,
        });
        dotnet.Transport.CloseWriting();
        string output = await Task.Run(() => Children.ReadToEnd(dotnet.Transport)).WaitAsync(s_patience);
        ChildExit exit = await dotnet.Exited.WaitAsync(s_patience);
        await dotnet.EndAsync(TimeSpan.Zero);
        Assert.True(exit.Code == 0, output);

        // Neither the compiler's warnings nor the trimmer's nor the native compiler's.
        Assert.DoesNotContain(": warning ", output, StringComparison.Ordinal);
        return Path.Combine(AppContext.BaseDirectory, NativePayloads.FolderName, NativePayloads.OwnRid, Name);
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
