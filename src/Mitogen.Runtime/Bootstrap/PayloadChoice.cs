using System.Security.Cryptography;

namespace Mitogen.Bootstrap;

/// <summary>Chooses what becomes the new context, by what its target has.</summary>
/// <param name="connection">Which payload it wants.</param>
/// <param name="program">Which ones there are.</param>
internal sealed class PayloadChoice(Connection connection, Program program)
{
    /// <exception cref="StartRefusedException">Nothing here fits the target.</exception>
    public SecondStage Choose(TargetReport target, byte[] nonce)
    {
        if (target.Rid is not { } rid)
        {
            throw Refused(
                BootstrapReason.PlatformNotSupported,
                $"Contexts run on Linux, on x64 and arm64; the target says it is {target.System} {target.Machine}.");
        }

        return Managed(target, rid, nonce);
    }

    private SecondStage Managed(TargetReport target, string rid, byte[] nonce)
    {
        if (program.Staged is not { } staged)
        {
            throw Refused(BootstrapReason.AgentMissing, $"There is neither a native payload for {rid} nor the staged agent.");
        }

        if (!target.Has("tar"))
        {
            throw Refused(
                BootstrapReason.ToolNotFound,
                "There is no tar on the target to unpack the managed payload with. A native payload needs none.");
        }

        string marker = HelloScanner.MarkerOf(nonce);
        Packed payload = target.Has("gzip") ? staged.Archive.Value : staged.Archive.Value.Unpack();
        string[] arguments = [Convert.ToHexString(nonce), AgentLaunch.IsolatedOption, AgentLaunch.Padding];
        return new SecondStage(
            StageScripts.Managed(connection.DotNetPath, payload, marker, NewDirectoryName(), arguments), payload, Imports: true);
    }

    private static string NewDirectoryName() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    private static StartRefusedException Refused(BootstrapReason reason, string message) => new(new LaunchProblem(reason, message));
}
