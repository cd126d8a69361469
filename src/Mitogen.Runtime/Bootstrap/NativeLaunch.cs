namespace Mitogen.Bootstrap;

/// <summary>The start of the program's native executable on this machine.</summary>
internal sealed class NativeLaunch(NativePayload payload, byte[] nonce) : Launch
{
    public override string File => payload.LocalPath;

    public override IReadOnlyList<string> Arguments { get; } = ContextArguments.For(nonce);

    public override ProgramCode Code => ProgramCode.Executable;
}
