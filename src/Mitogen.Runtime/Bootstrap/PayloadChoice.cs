using Mitogen.Processes;

namespace Mitogen.Bootstrap;

/// <summary>Chooses what becomes a new context, by what its target has.</summary>
/// <param name="connection">Which payload it wants.</param>
/// <param name="program">Which ones there are.</param>
internal sealed class PayloadChoice(Connection connection, Program program)
{
    // Of a directory's name: enough that nobody can have made it before.
    private const int NameBytes = 12;

    /// <exception cref="StartRefusedException">Nothing here fits.</exception>
    public Launch ChooseLocal(LocalConnection local, byte[] nonce)
    {
        bool isManaged = local.Isolated || local.DotNetPath is not null || local.Payload == Payload.Managed;
        if (local.Payload == Payload.Native && isManaged)
        {
            throw new ArgumentException("Isolated and DotNetPath are for the managed payload: leave them out, or Payload.Native.");
        }

        if (local.Payload == Payload.Native || (program.Payloads.IsOwn && !isManaged))
        {
            return new NativeLaunch(program.Payloads.Find(NativePayloads.OwnRid) ?? throw MissingNative(NativePayloads.OwnRid), nonce);
        }

        if (!Program.HasAssemblies)
        {
            throw MissingManaged();
        }

        return AgentLaunch.TryPrepare(
            local.Isolated, local.DotNetPath, program.Staged, Convert.ToHexString(nonce), [], out AgentLaunch? launch, out LaunchProblem? problem)
            ? launch
            : throw new StartRefusedException(problem);
    }

    /// <param name="target">The target.</param>
    /// <param name="nonce">The hello's marker.</param>
    /// <param name="isNear">Whether it is on this machine, so that nothing is compressed for it.</param>
    /// <exception cref="StartRefusedException">Nothing here fits the target.</exception>
    public SecondStage Choose(TargetReport target, byte[] nonce, bool isNear)
    {
        string rid = target.Rid ?? throw Refused(
            BootstrapReason.PlatformNotSupported,
            $"Contexts run on Linux, on x64 and arm64; the target says it is {target.System} {target.Machine}.");
        bool mayBeNative = connection.Payload == Payload.Native || (connection.Payload == Payload.Auto && connection.DotNetPath is null);
        return mayBeNative && program.Payloads.Find(rid) is { } native ? Native(native, target, nonce, isNear)
            : connection.Payload == Payload.Native || (mayBeNative && program.Staged is null) ? throw MissingNative(rid)
            : program.Staged is null ? throw MissingManaged()
            : Managed(program.Staged, target, nonce, isNear);
    }

    private SecondStage Native(NativePayload native, TargetReport target, byte[] nonce, bool isNear)
    {
        NativePayload.PackedFile file;
        try
        {
            file = native.Pack(IsCompressedFor(target, isNear));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(BootstrapReason.AgentMissing, $"The native payload for {native.Rid} cannot be read: {e.Message}");
        }

        if (file.Loader is { } loader && !target.HasLoader(loader))
        {
            throw Refused(
                BootstrapReason.PlatformNotSupported,
                $"The native payload needs {loader}, which the target does not have: publish it static (-p:MitogenPayloadStatic=true).");
        }

        // What is sent as it is comes from near, and is sent sooner than its hash is taken.
        string? hash = connection.CachePayload && file.Bytes.IsCompressed ? file.Hash : null;
        string script = StageScripts.Native(
            target, file.Bytes, hash, HelloScanner.MarkerOf(nonce), NewDirectoryName(), ContextArguments.For(nonce));
        return new SecondStage(script, file.Bytes, ProgramCode.Executable, IsOnDemand: hash is not null);
    }

    private SecondStage Managed(StagedSet staged, TargetReport target, byte[] nonce, bool isNear)
    {
        if (!target.Has("tar"))
        {
            throw Refused(
                BootstrapReason.ToolNotFound, "There is no tar on the target to unpack the managed payload with. A native payload needs none.");
        }

        Packed payload = staged.Pack(IsCompressedFor(target, isNear));
        string[] arguments = [Convert.ToHexString(nonce), AgentLaunch.IsolatedOption, AgentLaunch.StagedOption, ContextArguments.Padding];
        string script = StageScripts.Managed(
            connection.DotNetPath, payload, HelloScanner.MarkerOf(nonce), NewDirectoryName(), arguments);
        return new SecondStage(script, payload, ProgramCode.Import);
    }

    private static bool IsCompressedFor(TargetReport target, bool isNear) => !isNear && target.Has("gzip");

    private StartRefusedException MissingNative(string rid) => Refused(BootstrapReason.AgentMissing, program.Payloads.Missing(rid));

    private static StartRefusedException MissingManaged() => Refused(BootstrapReason.AgentMissing, Program.HasAssemblies
        ? AgentLaunch.Missing
        : "This program is native code and has no assemblies for a managed context: leave out Payload.Managed, Isolated and DotNetPath.");

    private static string NewDirectoryName() => Convert.ToHexStringLower(Randomness.Bytes(NameBytes));

    private static StartRefusedException Refused(BootstrapReason reason, string message) => new(new LaunchProblem(reason, message));
}
