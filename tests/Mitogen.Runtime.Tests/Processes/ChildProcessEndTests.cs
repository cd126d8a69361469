using System.Globalization;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

public sealed class ChildProcessEndTests : LeakCheckedTest
{
    [Theory]
    [InlineData(nameof(ChildStreams.Socket))]
    [InlineData(nameof(ChildStreams.Pipes))]
    public async Task End_lets_a_child_finish_that_sees_its_input_end(string streams)
    {
        var child = ChildProcess.Start(
            new() { FileName = "sh", Arguments = ["sh", "-c", "cat; exit 4"], Streams = Enum.Parse<ChildStreams>(streams) });
        await child.EndAsync(Patience);
        Assert.Equal(4, (await child.Exited).Code);
        await child.EndAsync(Patience);
    }

    [Fact]
    public async Task End_asks_a_child_that_does_not_go_by_itself()
    {
        var child = ChildProcess.Start(new() { FileName = "sleep", Arguments = ["sleep", "1000"] });
        await child.EndAsync(TimeSpan.FromMilliseconds(50));
        Assert.Equal(15, (await child.Exited).Signal);
    }

    [Fact]
    public async Task End_kills_a_child_that_ignores_being_asked()
    {
        var child = ChildProcess.Start(new()
        {
            FileName = "sh",
            Arguments = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"],
            TerminateTime = TimeSpan.FromMilliseconds(200),
        });
        Assert.Equal("ready", ReadLine(child.Transport));
        await Task.WhenAll(child.EndAsync(TimeSpan.FromMilliseconds(100)).AsTask(), child.EndAsync(Patience).AsTask());
        Assert.Equal(9, (await child.Exited).Signal);
    }

    [Fact]
    public async Task End_takes_the_process_group_with_it()
    {
        var child = ChildProcess.Start(Shell("trap '' TERM; sleep 1000 & echo $!; wait"));
        int grandchild = int.Parse(ReadLine(child.Transport), CultureInfo.InvariantCulture);
        await child.EndAsync(TimeSpan.FromMilliseconds(50));
        Assert.True((await child.Exited).Signal is 9 || (await child.Exited).Code is not null);
        await GoneAsync(grandchild);
    }

    [Fact]
    public async Task Exit_takes_the_process_group_with_it()
    {
        var child = ChildProcess.Start(Shell("trap '' TERM HUP; sleep 1000 & echo $!; exit 5"));
        int grandchild = int.Parse(ReadLine(child.Transport), CultureInfo.InvariantCulture);
        Assert.Equal(5, (await child.Exited.InTimeAsync()).Code);
        await GoneAsync(grandchild);
        await child.EndAsync(Patience);
    }

    [Fact]
    public async Task End_releases_a_blocked_reader_and_writer()
    {
        var child = ChildProcess.Start(new() { FileName = "sleep", Arguments = ["sleep", "1000"] });
        Task<int> reader = Task.Run(() => child.Transport.Read(new byte[10]), Cancellation);
        Task writer = Task.Run(() => child.Transport.Write(new byte[10_000_000]), Cancellation);
        await child.EndAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, await reader.InTimeAsync());
        await Assert.ThrowsAsync<IOException>(() => writer.InTimeAsync());
    }

    [Fact]
    public async Task A_child_killed_with_our_bytes_unread_reads_as_an_end()
    {
        var child = ChildProcess.Start(Shell("read line; echo last words; kill -9 $$"));
        child.Transport.Write([(byte)'\n', .. new byte[1000]]);
        await child.Exited.InTimeAsync();
        Assert.Equal("last words\n", ReadToEnd(child.Transport));
        Assert.Throws<IOException>(() => child.Transport.Write(new byte[1000]));
        await child.EndAsync(Patience);
    }
}
