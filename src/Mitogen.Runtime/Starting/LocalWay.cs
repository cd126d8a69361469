using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Processes;

namespace Mitogen.Starting;

/// <summary>The start of a context on this machine, as a process of its own: no shell, no questions.</summary>
/// <param name="file">The program to run.</param>
/// <param name="arguments">Its arguments, without the program's own name.</param>
/// <param name="environment">Changes to this process's environment for it.</param>
/// <param name="code">Where it has the program's code from.</param>
/// <param name="kept">The things that have to be there until the context is up, if anything.</param>
internal sealed class LocalWay(
    string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, ProgramCode code, IDisposable? kept) : Way
{
    // The exit status of dotnet when it finds no compatible runtime (hostfxr's FrameworkMissingFailure, 0x80008096).
    private const int FrameworkMissing = 150;

    public string File => file;

    public IReadOnlyList<string> Arguments => arguments;

    public override string Process => $"'{file}'";

    public override bool IsNear => true;

    public override ProgramCode Code => code;

    /// <summary>Starts the program's native executable.</summary>
    /// <param name="executable">The executable, which is kept until the context is up.</param>
    /// <param name="nonce">The hello's marker.</param>
    public static LocalWay Native(LocalExecutable executable, byte[] nonce) => new(
        executable.Path, ContextArguments.For(nonce), KeptEnvironment.PutAside(isManaged: false, isDebugged: false), ProgramCode.Executable, executable.Kept);

    public override Task<ICarrier> OpenAsync(Action<string> onLine, Typist typist, CancellationToken cancellationToken) => Task.FromResult<ICarrier>(
        ProcessStart.Run(
            new ChildProcessOptions
            {
                FileName = file,
                Arguments = [file, .. arguments],
                Environment = environment,
                Streams = ChildStreams.Socket,
                StderrLine = onLine,
            },
            remedy: ""));

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult<LaunchProblem?>(
        code != ProgramCode.Executable && end.Exit.Code == FrameworkMissing
            ? new(BootstrapReason.NoRuntime, "dotnet found no compatible runtime: install .NET 10 or later.") : null);

    public override void Dispose()
    {
        kept?.Dispose();
        base.Dispose();
    }
}
