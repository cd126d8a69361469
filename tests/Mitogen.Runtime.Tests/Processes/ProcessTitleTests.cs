using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

public sealed class ProcessTitleTests : LeakCheckedTest
{
    [Fact]
    public async Task Ps_shows_the_title_and_nothing_of_the_arguments()
    {
        var child = ChildProcess.Start(TestChild(ChildStreams.Socket, "title", "mitogen:döner@host:17", new string('x', 60)));
        Assert.Equal("True", ReadLine(child.Transport));

        Assert.Equal("mitogen:döner@host:17", (await File.ReadAllTextAsync($"/proc/{child.Pid}/cmdline", Cancellation)).TrimEnd('\0'));
        Assert.Equal("mitogen:döner@host:17", (await OutputAsync(Shell($"LC_ALL=C.UTF-8 ps -o args= -p {child.Pid}"))).TrimEnd());
        Assert.Equal("named", (await OutputAsync(Shell($"ps -o comm= -p {child.Pid}"))).TrimEnd());
        await child.EndAsync(Patience);
        Assert.Equal(0, (await child.Exited).Code);
    }

    [Fact]
    public async Task A_title_that_has_no_room_changes_nothing()
    {
        byte[] before = await File.ReadAllBytesAsync("/proc/self/cmdline", Cancellation);
        Assert.False(ProcessTitle.Set(new string('t', before.Length), "named"u8));
        Assert.Equal(before, await File.ReadAllBytesAsync("/proc/self/cmdline", Cancellation));
    }
}
