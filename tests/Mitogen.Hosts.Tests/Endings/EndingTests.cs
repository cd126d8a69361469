using System.Globalization;
using Mitogen.Hosts.Tests.Connections;
using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Endings;

/// <summary>
/// Every ending on every kind of target, at the root and further down: what is told, what goes, and what stays. The last context has a
/// subprocess, one that ignores SIGTERM, and a daemon, which alone is to stay.
/// </summary>
public sealed class EndingTests(SshServer server, DockerHost docker) : ConnectionTest, IClassFixture<SshServer>, IClassFixture<DockerHost>
{
    // Of the program: its KeepAliveTimeout, and an interval more.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Cells => [.. EndingCell.Chosen.Select(cell => cell.ToString())];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task What_ends_is_told_and_leaves_daemons_alone(string name)
    {
        EndingCell cell = EndingCell.All.Single(cell => cell.ToString() == name);
        _ = await NativeAot.Tests.NativeProgram.ExecutableAsync();
        await using EndingProgram program = await EndingProgram.StartAsync(Chain(cell), new Dictionary<string, string> { ["DOCKER_HOST"] = docker.Address });
        int daemon = Assert.Single(program.Subprocesses("daemon"));

        await EndAsync(program, cell);

        if (cell.Kind is { } kind)
        {
            int last = program.Contexts.Count - 1;
            string[] told = (await program.ReadAsync($"lost {last} ")).Split(' ', 5);
            Assert.True(told[2] == kind.ToString(), $"It told: {string.Join(' ', told)}");
            if (cell.Ending is Ending.KillContext or Ending.TerminateContext)
            {
                Assert.True(told[3] == (cell.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-"), $"It told: {string.Join(' ', told)}");
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', told));
            if (cell.LeavesSubprocesses)
            {
                await KillAsync([.. program.Subprocesses("plain"), .. program.Subprocesses("stubborn")]);
            }

            await NothingOfTheLastAsync(program);
            await program.SayAsync("end");
        }
        else if (cell.LivesOn)
        {
            await program.SayAsync("call");
            Assert.Equal("answered well", await program.ReadAsync("answered"));
            await program.SayAsync("end");
        }

        int code = await program.ExitAsync();
        Assert.Equal(cell.Ending switch { Ending.Terminate => 143, Ending.HangUp => 129, Ending.KillRoot => 137, _ => 2 }, code);
        await NothingLeftAsync(program);
        Assert.True(ProcessTable.IsAlive(daemon), "The daemon is gone.");
    }

    /// <summary>Docker passes the end of a context's output on only with that of its process: a context does not wait there for what cannot come.</summary>
    [Theory]
    [InlineData("docker")]
    [InlineData("ssh")]
    public async Task An_end_in_order_waits_for_nothing(string target)
    {
        const int Waits = 900; // milliseconds; the context's own patience is a second
        _ = await NativeAot.Tests.NativeProgram.ExecutableAsync();
        int best = int.MaxValue;
        for (int i = 0; i < 3 && best >= Waits; i++)
        {
            await using EndingProgram program = await EndingProgram.StartAsync(
                Chain(new EndingCell(target, Ending.Dispose, false)), new Dictionary<string, string> { ["DOCKER_HOST"] = docker.Address }, hasSubprocesses: false);
            await program.SayAsync("dispose");
            best = Math.Min(best, int.Parse((await program.ReadAsync("disposed ")).Split(' ')[1], CultureInfo.InvariantCulture));
            await program.SayAsync("end");
            _ = await program.ExitAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{best} ms");
        Assert.InRange(best, 0, Waits);
    }

    private static async Task EndAsync(EndingProgram program, EndingCell cell)
    {
        int context = program.Contexts[^1];
        switch (cell.Ending)
        {
            case Ending.Dispose:
                await program.SayAsync("dispose");
                TestContext.Current.TestOutputHelper?.WriteLine(await program.ReadAsync("disposed "));
                break;
            case Ending.Terminate:
                await SignalAsync("TERM", program.Id);
                break;
            case Ending.HangUp:
                await SignalAsync("HUP", program.Id);
                break;
            case Ending.KillRoot:
                await SignalAsync("KILL", program.Id);
                break;
            case Ending.StopRoot:
                await SignalAsync("STOP", program.Id);
                await Task.Delay(s_silence, Cancellation);
                await Eventually.UntilAsync(() => !ProcessTable.IsAlive(context));
                await SignalAsync("CONT", program.Id);
                break;
            case Ending.StopContext:
                await SignalAsync("STOP", context);
                _ = await program.ReadAsync($"lost {program.Contexts.Count - 1} ");

                // As a machine does that was frozen; one that is not can be ended by nobody who may not kill it.
                _ = await HostCommand.RunAsync("kill", "-CONT", $"{context}");
                break;
            case Ending.KillContext:
                await SignalAsync("KILL", context);
                break;
            case Ending.TerminateContext:
                await SignalAsync("TERM", context);
                break;
            case Ending.KillTool:
                await SignalAsync("KILL", ToolOf(program, cell));
                break;
            default:
                await SignalAsync("HUP", program.Contexts[^2]);
                break;
        }
    }

    /// <summary>The child of the context above (of the root, for the first) that is the tool.</summary>
    private static int ToolOf(EndingProgram program, EndingCell cell) =>
        Assert.Single(
            ProcessTable.ChildrenOf(program.Contexts.Count > 1 ? program.Contexts[^2] : program.Id),
            id => id != program.Contexts[^1] || cell.Target == "su");

    private static async Task SignalAsync(string signal, int id) => _ = await HostCommand.OutputAsync("kill", "-" + signal, $"{id}");

    private static async Task KillAsync(IReadOnlyList<int> ids) =>
        _ = await HostCommand.RunAsync(["kill", "-9", .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))]);

    private static Task NothingOfTheLastAsync(EndingProgram program) => NothingAsync(
        () => [.. program.Subprocesses("plain"), .. program.Subprocesses("stubborn"), .. program.Left().Where(id => id == program.Contexts[^1])]);

    private static Task NothingLeftAsync(EndingProgram program) => NothingAsync(program.Left);

    private static Task NothingAsync(Func<IReadOnlyList<int>> left) =>
        Eventually.UntilAsync(() => left().Count == 0, () => "Left:\n" + string.Join('\n', left().Select(Describe)));

    private static string Describe(int id)
    {
        try
        {
            return $"{id} {File.ReadAllText($"/proc/{id}/stat")} {File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{id}, which ended just now";
        }
    }

    private string Chain(EndingCell cell)
    {
        string target = cell.Target switch
        {
            "local" => "local",
            "ssh" => Ssh(),
            "ssh+sudo" => Ssh() + "+sudo",
            "su" => Su(),
            _ => Docker(),
        };
        return cell.IsFar ? "local+local+" + target : target;
    }

    private string Ssh()
    {
        server.SkipUnlessThere();
        return $"ssh://{TestHost.FreeUser}@{Sshd.Host}:{server.Port}?identity={server.IdentityFile}&knownhosts={server.KnownHostsFile}&config=none";
    }

    private static string Su()
    {
        TestHost.Needs("su");
        return $"su://{TestHost.FreeUser}";
    }

    private string Docker()
    {
        docker.SkipUnlessThere();
        return $"docker://{docker.Container}";
    }
}
