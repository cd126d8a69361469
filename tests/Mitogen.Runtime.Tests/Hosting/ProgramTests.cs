using System.Globalization;
using System.Reflection;
using Mitogen.Interop;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.Runtime.Tests.Hosting;

/// <summary>A console program of its own: what becomes of its tree when it ends, whichever way.</summary>
public sealed class ProgramTests : LeakCheckedTest
{
    internal static string ProgramPath { get; } = typeof(ProgramTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "TestProgram").Value!;

    [Fact]
    public async Task An_isolated_context_runs_the_ReadyToRun_code_that_the_program_was_built_with()
    {
        Assert.Equal("0\n1\n", await Children.OutputAsync(Options("jitted")));
    }

    [Theory]
    [InlineData("own", "wait")]
    [InlineData("own", "spin")]
    [InlineData("isolated", "wait")]
    [InlineData("isolated", "spin")]
    public async Task When_it_is_killed_its_whole_tree_is_gone_soon(string from, string how)
    {
        (ChildProcess program, List<int> tree) = await StartAsync("chain", from, how);

        Assert.Equal(0, Libc.SendSignal(program.Pid, Libc.Kill));

        await program.Exited;
        await ProcessTable.GoneAsync(tree);
        await program.EndAsync(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("own", "wait", 2, 130)]
    [InlineData("own", "spin", 2, 130)]
    [InlineData("own", "ignore", 2, 130)]
    [InlineData("isolated", "wait", 2, 130)]
    [InlineData("own", "wait", 1, 129)]
    [InlineData("own", "wait", 15, 143)]
    public async Task A_signal_ends_the_tree_and_then_the_program(string from, string how, int signal, int status)
    {
        (ChildProcess program, List<int> tree) = await StartAsync("chain", from, how);

        Assert.Equal(0, Libc.SendSignal(program.Pid, signal));

        ChildExit exit = await program.Exited.InTimeAsync();
        Assert.Equal(status, exit.Code);
        await ProcessTable.GoneAsync(tree);
        await program.EndAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_hang_up_that_is_ignored_stays_so()
    {
        ChildProcessOptions options = new()
        {
            FileName = "/bin/sh",
            Arguments = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", ProgramPath, "chain", "own", "wait"],
        };
        (ChildProcess program, List<int> tree) = await StartAsync(options);

        Assert.Equal(0, Libc.SendSignal(program.Pid, 1));
        Assert.Equal(0, Libc.SendSignal(program.Pid, 15));

        // The first would have ended it with another status.
        Assert.Equal(143, (await program.Exited.InTimeAsync()).Code);
        await ProcessTable.GoneAsync(tree);
        await program.EndAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_signal_ends_a_call_that_blocks_the_main_thread()
    {
        (ChildProcess program, _) = await StartAsync("block");
        Assert.Equal(0, Libc.SendSignal(program.Pid, 2));
        Assert.Equal(130, (await program.Exited.InTimeAsync()).Code);
        await program.EndAsync(TimeSpan.Zero);
    }

    private static ChildProcessOptions Options(params string[] arguments) =>
        new() { FileName = ProgramPath, Arguments = [ProgramPath, .. arguments] };

    /// <summary>Starts it and reads the process ids that it prints.</summary>
    private static Task<(ChildProcess Program, List<int> Tree)> StartAsync(params string[] arguments) => StartAsync(Options(arguments));

    private static async Task<(ChildProcess Program, List<int> Tree)> StartAsync(ChildProcessOptions options)
    {
        var program = ChildProcess.Start(options);
        List<int> tree = [];
        string line;
        while ((line = await Task.Run(() => Children.ReadLine(program.Transport), Cancellation)) != "ready")
        {
            Assert.True(line.Length > 0, "It ended: " + string.Join('\n', program.LastStderrLines));
            tree.Add(int.Parse(line, CultureInfo.InvariantCulture));
        }

        Assert.All(tree, pid => Assert.True(ProcessTable.IsAlive(pid)));
        return (program, tree);
    }
}
