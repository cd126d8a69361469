using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.NativeAot.Tests;

/// <summary>The base of the tests of a native executable.</summary>
public abstract class NativeTest : LeakCheckedTest
{
    /// <summary>The catalog of the native program, in the tests' own process.</summary>
    protected static RemoteCatalog Catalog() => Generated.Mitogen_NativeProgram.Catalog.Create();

    protected static MitogenRoot CreateRoot(RemoteCatalog? catalog = null) =>
        MitogenRoot.Create(new MitogenOptions { Catalog = catalog ?? Catalog() });

    private protected static async Task<(string Output, int? Status)> RunAsync(ChildProcessOptions options)
    {
        var process = ChildProcess.Start(options);
        process.Transport.CloseWriting();
        string output = await Task.Run(() => Children.ReadToEnd(process.Transport), Cancellation).InTimeAsync();
        ChildExit exit = await process.Exited.InTimeAsync();
        await process.EndAsync(TimeSpan.Zero);
        return (string.Join('\n', [output, .. process.LastStderrLines]), exit.Code);
    }

    private protected static ChildProcessOptions Program(string path, params string[] arguments) =>
        new() { FileName = path, Arguments = [path, .. arguments], Streams = ChildStreams.Pipes };
}
