namespace Mitogen.Bootstrap;

/// <summary>The start of the program's native executable on this machine.</summary>
/// <param name="path">The path of the executable, in this process and in one that it starts.</param>
/// <param name="kept">The holder that keeps the path valid until the context is up.</param>
/// <param name="nonce">The hello's marker.</param>
internal sealed class NativeLaunch(string path, IDisposable? kept, byte[] nonce) : Launch
{
    public override string File => path;

    public override IReadOnlyList<string> Arguments { get; } = ContextArguments.For(nonce);

    public override IReadOnlyDictionary<string, string?> Environment { get; } = KeptEnvironment.PutAside(isManaged: false, isDebugged: false);

    public override ProgramCode Code => ProgramCode.Executable;

    public override void Dispose()
    {
        kept?.Dispose();
        base.Dispose();
    }
}
