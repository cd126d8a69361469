using System.Diagnostics;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

/// <summary>A .NET child that takes over its streams, obeys commands over the link and answers with what its output captured.</summary>
public sealed class StandardStreamsTests : LeakCheckedTest
{
    public static TheoryData<string> Kinds => DescriptorTransportTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Output_of_the_process_and_of_its_own_children_comes_as_lines(string kind)
    {
        ChildProcess child = Start(kind);
        Assert.Equal(["out:hello"], await AskAsync(child, "line hello", 1));
        Assert.Equal(["done", "out:from a child"], (await AskAsync(child, "sh echo from a child", 2)).Order());
        Assert.Equal(["done", "out:1"], (await AskAsync(child, "sh read line; echo $?", 2)).Order()); // nothing to read
        WriteLine(child.Transport, "text unfinished");
        Assert.Equal(["out:unfinished", "ended"], await AskAsync(child, $"end {Patience.TotalMilliseconds}", 2));
        Assert.Equal(["done"], await AskAsync(child, "sh echo lost", 1));
        await child.EndAsync(Patience);
        Assert.Equal(0, (await child.Exited).Code);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Subprocesses_get_the_three_streams_and_not_the_link(string kind)
    {
        ChildProcess child = Start(kind);
        const string List = "for n in /proc/$$/fd/*; do [ -e $n ] && echo ${n##*/} $(readlink $n | cut -d: -f1); done";
        IReadOnlyList<string> answers = await AskAsync(child, "sh " + List, 4);
        Assert.Equal(["done", "out:0 /dev/null", "out:1 pipe", "out:2 pipe"], answers.Order());
        await child.EndAsync(Patience);
    }

    [Fact]
    public async Task Standard_error_stays_the_parents()
    {
        ChildProcess child = Start(nameof(ChildStreams.Socket));
        WriteLine(child.Transport, "error alas");
        await child.EndAsync(Patience);
        Assert.Equal(["alas"], child.LastStderrLines);
    }

    [Fact]
    public async Task The_end_waits_a_bounded_time_for_those_that_still_hold_the_output()
    {
        ChildProcess child = Start(nameof(ChildStreams.Socket));
        IReadOnlyList<string> answers = await AskAsync(child, "sh setsid sleep 1000 & echo $!", 2);
        int holder = int.Parse(answers.Single(answer => answer.StartsWith("out:", StringComparison.Ordinal))[4..]);
        Assert.Equal(["out:rest", "ended"], await AskAsync(child, "text rest\nend 100", 2));
        using (var process = Process.GetProcessById(holder)) // it still holds the output
        {
            process.Kill();
        }

        await child.EndAsync(Patience);
    }

    private static ChildProcess Start(string kind) => ChildProcess.Start(TestChild(Enum.Parse<ChildStreams>(kind), "streams"));

    private static async Task<IReadOnlyList<string>> AskAsync(ChildProcess child, string command, int answers)
    {
        WriteLine(child.Transport, command);
        return await Task.Run(() => Enumerable.Range(0, answers).Select(_ => ReadLine(child.Transport)).ToArray()).InTimeAsync();
    }
}
