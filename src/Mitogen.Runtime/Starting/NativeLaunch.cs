using Mitogen.Executables;
using Mitogen.Handshake;

namespace Mitogen.Starting;

/// <summary>The start of the program's native executable on this machine.</summary>
/// <param name="executable">The executable, which is kept until the context is up.</param>
/// <param name="nonce">The hello's marker.</param>
internal sealed class NativeLaunch(LocalExecutable executable, byte[] nonce) : Launch
{
    public override string File => executable.Path;

    public override IReadOnlyList<string> Arguments { get; } = ContextArguments.For(nonce);

    public override IReadOnlyDictionary<string, string?> Environment { get; } = KeptEnvironment.PutAside(isManaged: false, isDebugged: false);

    public override ProgramCode Code => ProgramCode.Executable;

    public override void Dispose()
    {
        executable.Kept?.Dispose();
        base.Dispose();
    }
}
