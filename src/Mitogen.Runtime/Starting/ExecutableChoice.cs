using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Interop;

namespace Mitogen.Starting;

/// <summary>Chooses what becomes a new context, by what its target has.</summary>
/// <param name="connection">Which executable it wants.</param>
/// <param name="program">Which ones there are.</param>
/// <param name="watch">The time of the start.</param>
internal sealed class ExecutableChoice(Connection connection, Program program, StartWatch watch)
{
    // Of a directory's name: enough that nobody can have made it before.
    private const int NameBytes = 12;

    // The unpacked executable does not grow steadily: gzip passes on 32 KiB at a time.
    private static readonly TimeSpan s_leastStagePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_mostStagePatience = TimeSpan.FromHours(1);

    /// <exception cref="StartRefusedException">Nothing here fits.</exception>
    public async Task<Way> ChooseLocalAsync(LocalConnection local, byte[] nonce, CancellationToken cancellationToken)
    {
        bool isManaged = local.Isolated || local.DotNetPath is not null || local.Executable == ExecutableKind.Managed;
        if (local.Executable == ExecutableKind.Native && isManaged)
        {
            throw new ArgumentException("Isolated and DotNetPath are for the managed program: leave them out, or ExecutableKind.Native.");
        }

        if (local.Executable == ExecutableKind.Native || (program.Executables.IsOwn && !isManaged))
        {
            FoundExecutable found = await FindInTimeAsync(Platform.OwnRid, cancellationToken).ConfigureAwait(false);
            return LocalWay.Native((found.Executable ?? throw MissingNative(found.Missing)).PlaceHere(), nonce);
        }

        if (!Program.HasAssemblies)
        {
            throw MissingManaged();
        }

        return AgentCommand.TryPrepare(
            local.Isolated, local.DotNetPath, program.Staged, Convert.ToHexString(nonce), [], out LocalWay? way, out LaunchProblem? problem)
            ? way
            : throw new StartRefusedException(problem);
    }

    // A stage that hears nothing more gives up after twice this, or sooner. This side's own patience ends first, unless the line is dead.
    private TimeSpan StagePatience => connection.ConnectTimeout == Timeout.InfiniteTimeSpan || connection.ConnectTimeout > s_mostStagePatience
        ? s_mostStagePatience
        : connection.ConnectTimeout > s_leastStagePatience ? connection.ConnectTimeout : s_leastStagePatience;

    // A target's dotnet that is named is there to be used.
    private bool MayBeNative => connection.Executable == ExecutableKind.Native || (connection.Executable == ExecutableKind.Auto && connection.DotNetPath is null);

    /// <summary>Compresses, while a way to a far target is found, what that probably needs: at the first start, that takes its time.</summary>
    public void Anticipate() => _ = AnticipateAsync();

    private async Task AnticipateAsync()
    {
        Task<NativeExecutable.PackedFile>? native =
            MayBeNative && program.Executables.Find(Platform.OwnRid) is { } executable ? executable.PackAsync(isCompressed: true) : null;

        // A failure here comes again for whoever needs the executable, and is told then.
        await ((Task?)native ?? Task.Run(() => program.Staged?.Pack(isCompressed: true))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection.CacheExecutable && native is { IsCompletedSuccessfully: true })
        {
            _ = (await native.ConfigureAwait(false)).Hash;
        }
    }

    /// <param name="target">The target.</param>
    /// <param name="nonce">The hello's marker.</param>
    /// <param name="isNear">Whether it is on this machine, so that nothing is compressed for it.</param>
    /// <param name="cancellationToken">Gives up waiting for what the parent has.</param>
    /// <exception cref="StartRefusedException">Nothing fits the target.</exception>
    public async Task<SecondStage> ChooseAsync(TargetReport target, byte[] nonce, bool isNear, CancellationToken cancellationToken)
    {
        if (!target.HasSystem)
        {
            throw Refused(
                BootstrapReason.NotAllowed,
                "The shell on the target can start no programs (uname): a rule such as sudo's noexec forbids it, or there is none on its PATH.");
        }

        string rid = target.Rid ?? throw Refused(
            BootstrapReason.PlatformNotSupported,
            $"Contexts run on Linux, on x64 and arm64; the target says it is {target.System} {target.Machine}.");
        FoundExecutable? found = MayBeNative ? await FindAsync(rid, cancellationToken).ConfigureAwait(false) : null;
        return found?.Executable is { } native ? await NativeAsync(native, target, nonce, isNear).ConfigureAwait(false)
            : found is not null && (connection.Executable == ExecutableKind.Native || program.Staged is null) ? throw MissingNative(found.Missing)
            : program.Staged is null ? throw MissingManaged()
            : Managed(program.Staged, target, nonce, isNear);
    }

    // Where a shell has spoken first, the time of the whole start is watched elsewhere.
    private async Task<FoundExecutable> FindInTimeAsync(string rid, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
        try
        {
            return await FindAsync(rid, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused(
                BootstrapReason.TimedOut,
                $"The native executable for {rid} did not come from the parent: nothing of it came for {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time.");
        }
    }

    private async Task<FoundExecutable> FindAsync(string rid, CancellationToken cancellationToken)
    {
        try
        {
            return await program.Executables.FindAsync(rid, watch.Advance, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw Refused(BootstrapReason.AgentMissing, $"The native executable for {rid} cannot be had from the parent: {e.Message}");
        }
    }

    private async Task<SecondStage> NativeAsync(NativeExecutable native, TargetReport target, byte[] nonce, bool isNear)
    {
        NativeExecutable.PackedFile file;
        try
        {
            file = await native.PackAsync(IsCompressedFor(target, isNear)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Refused(BootstrapReason.AgentMissing, $"The native executable for {native.Rid} cannot be read: {e.Message}");
        }

        if (file.Loader is { } loader && !target.HasLoader(loader))
        {
            throw Refused(
                BootstrapReason.PlatformNotSupported,
                $"The native executable needs {loader}, which the target does not have: publish it static (-p:MitogenExecutableStatic=true).");
        }

        // An executable that is sent as it is goes to a near target, and is sent sooner than its hash is taken.
        string? hash = connection.CacheExecutable && file.Bytes.IsCompressed ? file.Hash : null;
        string script = StageScripts.Native(
            target, file.Bytes, hash, HelloScanner.MarkerOf(nonce), NewDirectoryName(), StagePatience, ContextArguments.For(nonce));
        return new SecondStage(script, file.Bytes, ProgramCode.Executable, IsOnDemand: hash is not null);
    }

    private SecondStage Managed(StagedSet staged, TargetReport target, byte[] nonce, bool isNear)
    {
        if (!target.Has("tar"))
        {
            throw Refused(
                BootstrapReason.ToolNotFound, "There is no tar on the target to unpack the managed program with. A native executable needs none.");
        }

        Packed executable = staged.Pack(IsCompressedFor(target, isNear));
        string[] arguments = [Convert.ToHexString(nonce), AgentCommand.IsolatedOption, ContextArguments.Padding];
        string script = StageScripts.Managed(
            connection.DotNetPath, executable, HelloScanner.MarkerOf(nonce), NewDirectoryName(), StagePatience, arguments);
        return new SecondStage(script, executable, ProgramCode.Import);
    }

    private static bool IsCompressedFor(TargetReport target, bool isNear) => !isNear && target.Has("gzip");

    private static StartRefusedException MissingNative(string why) => Refused(BootstrapReason.AgentMissing, why);

    private static StartRefusedException MissingManaged() => Refused(BootstrapReason.AgentMissing, Program.HasAssemblies
        ? AgentCommand.Missing
        : "This program is native code and has no assemblies for a managed context: leave out ExecutableKind.Managed, Isolated and DotNetPath.");

    private static string NewDirectoryName() => Convert.ToHexStringLower(Randomness.Bytes(NameBytes));

    private static StartRefusedException Refused(BootstrapReason reason, string message) => new(new LaunchProblem(reason, message));
}
