using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>What becomes a context that is started from one which has no executable itself.</summary>
public sealed class ExecutableChoiceTests
{
    private static readonly TargetReport s_target = TargetReport.Parse("Linux aarch64 /usr/bin/tar /usr/bin/gzip");

    private readonly FakeParent _parent = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutableKind.Auto)]
    [InlineData(ExecutableKind.Native)]
    public async Task One_of_the_contexts_above_is_sent_packed_or_not(ExecutableKind wanted)
    {
        byte[] file = new byte[50_000];
        Task<SecondStage> far = ChooseAsync(wanted, isNear: false);
        (await _parent.NextAsync()).Answer(FakeParent.PartsOf(Packed.Compress(file)));
        SecondStage near = await ChooseAsync(wanted, isNear: true);

        Assert.Equal((ProgramCode.Executable, true, 50_000), ((await far).Code, (await far).Executable.IsCompressed, (await far).Executable.Size));
        Assert.Equal((ProgramCode.Executable, false), (near.Code, near.Executable.IsCompressed));
        Assert.Equal(file, near.Executable.Bytes.ToArray());
        Assert.Equal(Platform.Arm64.Rid, Assert.Single(_parent.Asked));
    }

    [Fact]
    public async Task Without_one_above_Auto_is_managed_and_asks_once()
    {
        Task<SecondStage> first = ChooseAsync(ExecutableKind.Auto, isNear: true);
        (await _parent.NextAsync()).Answer(ExecutablePart.None("there is none"));

        Assert.Equal(ProgramCode.Import, (await first).Code);
        Assert.Equal(ProgramCode.Import, (await ChooseAsync(ExecutableKind.Auto, isNear: true)).Code);
        _ = Assert.Single(_parent.Asked);
    }

    [Fact]
    public async Task Managed_does_not_ask()
    {
        Assert.Equal(ProgramCode.Import, (await ChooseAsync(ExecutableKind.Managed, isNear: true)).Code);
        Assert.Empty(_parent.Asked);
    }

    [Fact]
    public async Task Native_fails_with_what_those_above_say()
    {
        Task<SecondStage> choosing = ChooseAsync(ExecutableKind.Native, isNear: true);
        (await _parent.NextAsync()).Answer(ExecutablePart.None("there is none at /over/there"));
        StartRefusedException refused = await Assert.ThrowsAsync<StartRefusedException>(() => choosing);
        Assert.Equal(new LaunchProblem(BootstrapReason.AgentMissing, "there is none at /over/there"), refused.Problem);
    }

    [Theory]
    [InlineData(ExecutableKind.Auto)]
    [InlineData(ExecutableKind.Native)]
    public async Task A_parent_that_fails_is_told(ExecutableKind wanted)
    {
        Task<SecondStage> choosing = ChooseAsync(wanted, isNear: true);
        (await _parent.NextAsync()).Fail(new IOException("the disk is broken"));
        StartRefusedException refused = await Assert.ThrowsAsync<StartRefusedException>(() => choosing);
        Assert.Equal(BootstrapReason.AgentMissing, refused.Problem.Reason);
        Assert.Contains("the disk is broken", refused.Problem.Message, StringComparison.Ordinal);
    }

    private async Task<SecondStage> ChooseAsync(ExecutableKind executable, bool isNear)
    {
        SudoConnection connection = new() { Executable = executable };
        using StartWatch watch = new(connection, new SendingTurns(1, TimeProvider.System), TimeProvider.System);
        ExecutableChoice choice = new(connection, new Program(RemoteCatalog.Default, _parent.Executables), watch);
        return await choice.ChooseAsync(s_target, new byte[16], isNear, Cancellation);
    }
}
