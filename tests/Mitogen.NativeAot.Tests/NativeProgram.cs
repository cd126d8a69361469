using System.Runtime.CompilerServices;
using Mitogen.Executables;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.NativeAot.Tests;

/// <summary>The program as a native executable, once for all tests: published as itself, and as an executable, which lies beside these tests.</summary>
public sealed class NativeProgram
{
    private const string Name = "Mitogen.NativeProgram";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private static readonly string s_project = Path.GetFullPath(Path.Combine(SourceFolder(), "..", Name));

    private static readonly Lazy<Task<string>> s_executable = new(MakeExecutableAsync);

    private static readonly Lazy<Task<string>> s_program = new(PublishAsync);

    /// <summary>The executable's path; skips the test where the linker of native programs is not installed.</summary>
    public static Task<string> ExecutableAsync()
    {
        SkipWithoutLinker();
        return s_executable.Value;
    }

    /// <summary>The program's path; skips the test likewise.</summary>
    public static Task<string> PathAsync()
    {
        SkipWithoutLinker();
        return s_program.Value;
    }

    private static void SkipWithoutLinker()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Assert.SkipUnless(
            Array.TrueForAll((string[])["clang", "ld.lld"], tool => folders.Any(folder => File.Exists(Path.Combine(folder, tool)))),
            "clang and lld are not installed (Debian: apt-get install clang lld zlib1g-dev).");
    }

    private static async Task<string> MakeExecutableAsync()
    {
        await RunAsync("build", "-t:MitogenExecutables", "-p:MitogenExecutableStatic=true", $"-p:OutDir={AppContext.BaseDirectory}");
        return Path.Combine(AppContext.BaseDirectory, NativeExecutables.FolderName, Platform.OwnRid, Name);
    }

    private static async Task<string> PublishAsync()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "published");
        await RunAsync("publish", "-c:Release", $"-p:PublishDir={folder}/");
        return Path.Combine(folder, Name);
    }

    /// <summary>As a user does it. What is up to date is not made again.</summary>
    private static async Task RunAsync(string command, params string[] arguments)
    {
        // Several test projects make it, and may run at the same time.
        using FileStream turn = await TakeTurnAsync();
        var dotnet = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Children.DotNetPath,
            Arguments =
            [
                "dotnet", command, s_project, .. arguments, "-p:RunAnalyzers=false", "-v:quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false",
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
    }

    private static async Task<FileStream> TakeTurnAsync()
    {
        string path = Path.Combine(s_project, "obj", "turn");
        for (long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < end)
            {
                await Task.Delay(100); // another one has it
            }
        }
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
