using System.Diagnostics;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

public sealed class ChildStderrTests : LeakCheckedTest
{
    private readonly List<string> _lines = [];

    [Fact]
    public async Task Lines_come_one_by_one_the_unterminated_last_included()
    {
        ChildProcess child = await RunAsync("printf 'one\\n\\ntwo\\r\\nth' >&2; sleep 0.1; printf 'ree \\377\\nlast' >&2");
        Assert.Equal(["one", "", "two", "three \ufffd", "last"], _lines);
        Assert.Equal(_lines, child.LastStderrLines);
    }

    [Fact]
    public async Task The_last_twenty_are_kept()
    {
        ChildProcess child = await RunAsync("for i in $(seq 1 100); do echo $i >&2; done");
        Assert.Equal(100, _lines.Count);
        Assert.Equal(Enumerable.Range(81, 20).Select(i => $"{i}"), child.LastStderrLines);
    }

    [Fact]
    public async Task A_lot_arrives_whole()
    {
        await RunAsync("seq 1 200000 >&2");
        Assert.Equal(Enumerable.Range(1, 200000).Select(i => $"{i}"), _lines);
    }

    [Fact]
    public async Task A_process_outside_the_group_that_holds_it_is_waited_for_no_longer_than_said()
    {
        var child = ChildProcess.Start(new()
        {
            FileName = "sh",
            Arguments = ["sh", "-c", "setsid sh -c 'echo $$; while :; do echo held >&2; sleep 0.05; done' & printf partial >&2; sleep 0.2"],
            StderrLine = _lines.Add,
        });
        int holder = int.Parse(ReadLine(child.Transport));
        await child.Exited.InTimeAsync();
        await child.StderrDrained.InTimeAsync();
        Assert.Contains("held", _lines);
        using (var process = Process.GetProcessById(holder))
        {
            process.Kill();
        }

        await child.EndAsync(Patience);
    }

    [Fact]
    public async Task A_callback_that_throws_is_called_no_more_and_the_child_goes_on()
    {
        int calls = 0;
        var child = ChildProcess.Start(new()
        {
            FileName = "sh",
            Arguments = ["sh", "-c", "seq 1 100000 >&2; exit 3"],
            StderrLine = _ =>
            {
                calls++;
                throw new InvalidOperationException("no");
            },
        });
        Assert.Equal(3, (await child.Exited.InTimeAsync()).Code);
        await Assert.ThrowsAsync<InvalidOperationException>(() => child.StderrDrained.InTimeAsync());
        Assert.Equal(1, calls);
        await child.EndAsync(Patience);
    }

    private async Task<ChildProcess> RunAsync(string script)
    {
        var child = ChildProcess.Start(new() { FileName = "sh", Arguments = ["sh", "-c", script], StderrLine = _lines.Add });
        await child.Exited.InTimeAsync();
        await child.StderrDrained.InTimeAsync();
        await child.EndAsync(Patience);
        return child;
    }
}
