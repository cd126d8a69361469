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
            return new NativeLaunch(FindNative(NativePayloads.OwnRid) ?? throw MissingNative(NativePayloads.OwnRid), nonce);
        }

        return AgentLaunch.TryPrepare(
            local.Isolated, local.DotNetPath, program.Staged, Convert.ToHexString(nonce), [], out AgentLaunch? launch, out LaunchProblem? problem)
            ? launch
            : throw new StartRefusedException(problem);
    }

    /// <exception cref="StartRefusedException">Nothing here fits the target.</exception>
    public SecondStage Choose(TargetReport target, byte[] nonce)
    {
        string rid = target.Rid ?? throw Refused(
            BootstrapReason.PlatformNotSupported,
            $"Contexts run on Linux, on x64 and arm64; the target says it is {target.System} {target.Machine}.");
        bool mayBeNative = connection.Payload == Payload.Native || (connection.Payload == Payload.Auto && connection.DotNetPath is null);
        return mayBeNative && FindNative(rid) is { } native ? Native(native, target, nonce)
            : connection.Payload == Payload.Native || program.Staged is null ? throw MissingNative(rid)
            : Managed(program.Staged, target, nonce);
    }

    private static SecondStage Native(NativePayload native, TargetReport target, byte[] nonce)
    {
        if (native.Loader is { } loader && !target.HasLoader(loader))
        {
            throw Refused(
                BootstrapReason.PlatformNotSupported,
                $"The native payload needs {loader}, which the target does not have: publish it static (-p:MitogenPayloadStatic=true).");
        }

        Packed payload = new(native.Compressed, native.Length, IsCompressed: true);
        payload = target.Has("gzip") ? payload : payload.Unpack();
        string script = StageScripts.Native(target, payload, HelloScanner.MarkerOf(nonce), NewDirectoryName(), ContextArguments.For(nonce));
        return new SecondStage(script, payload, ProgramCode.Executable);
    }

    private SecondStage Managed(StagedSet staged, TargetReport target, byte[] nonce)
    {
        if (!target.Has("tar"))
        {
            throw Refused(
                BootstrapReason.ToolNotFound, "There is no tar on the target to unpack the managed payload with. A native payload needs none.");
        }

        Packed payload = target.Has("gzip") ? staged.Archive.Value : staged.Archive.Value.Unpack();
        string[] arguments = [Convert.ToHexString(nonce), AgentLaunch.IsolatedOption, ContextArguments.Padding];
        string script = StageScripts.Managed(
            connection.DotNetPath, payload, HelloScanner.MarkerOf(nonce), NewDirectoryName(), arguments);
        return new SecondStage(script, payload, ProgramCode.Import);
    }

    private NativePayload? FindNative(string rid)
    {
        try
        {
            NativePayload? native = program.Payloads.Find(rid);
            _ = native?.Length;
            return native;
        }
        catch (IOException e)
        {
            throw Refused(BootstrapReason.AgentMissing, $"The native payload for {rid} cannot be read: {e.Message}");
        }
    }

    private StartRefusedException MissingNative(string rid) => Refused(BootstrapReason.AgentMissing, program.Payloads.Missing(rid));

    private static string NewDirectoryName() => Convert.ToHexStringLower(Randomness.Bytes(NameBytes));

    private static StartRefusedException Refused(BootstrapReason reason, string message) => new(new LaunchProblem(reason, message));
}
