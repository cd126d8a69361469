using System.Runtime.InteropServices;
using Mitogen.Interop;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Processes;

public sealed unsafe class PipeRoomTests
{
    private const int NonBlocking = 0x800; // O_NONBLOCK: a write for which there is no room is short, or fails

    private static readonly byte[] s_bytes = new byte[1_000_000];

    [Fact]
    public void What_it_says_is_always_taken_whole_and_a_pipe_that_is_empty_takes_all_that_it_can()
    {
        int* ends = stackalloc int[2];
        Assert.Equal(0, Libc.Pipe(ends, Libc.CloseOnExec | NonBlocking));
        using Descriptor read = Descriptor.Own(ends[0], "pipe2");
        using Descriptor write = Descriptor.Own(ends[1], "pipe2");
        using Descriptor.Lease from = read.Use();
        using Descriptor.Lease to = write.Use();
        PipeRoom room = new(to.Fd);
        Assert.Equal(64 * 1024, room.Of(to.Fd));

        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        Random random = new(seed);
        long more = 0;
        for (int i = 0; i < 50_000; i++)
        {
            if (IsWritable(to.Fd))
            {
                int most = room.Of(to.Fd);
                int size = random.Next(3) == 0 ? most : random.Next(1, Math.Min(most, random.Next(3) == 0 ? 20 : 10_000));
                Assert.True(size == Write(to.Fd, size), $"Seed {seed}, step {i}: {size} bytes");
                more += most > 4096 ? 1 : 0;
            }

            if (random.Next(2) == 0)
            {
                _ = Read(from.Fd, random.Next(2) == 0 ? random.Next(1, 100) : random.Next(1, 40_000));
            }
        }

        Assert.True(more > 5_000, $"Seed {seed}: {more} of the writes had more room than what any pipe has.");
    }

    [Fact]
    public void Of_what_is_no_pipe_it_says_what_any_pipe_takes()
    {
        using Descriptor file = Descriptor.Open("/dev/null", 1);
        using Descriptor.Lease fd = file.Use();

        Assert.Equal(4096, new PipeRoom(fd.Fd).Of(fd.Fd));
    }

    private static bool IsWritable(int fd)
    {
        PollDescriptor polled = new(fd, Libc.PollOut);
        return Libc.Poll(&polled, 1, 0) == 1;
    }

    private static nint Write(int fd, int count)
    {
        fixed (byte* start = s_bytes)
        {
            return Libc.Write(fd, start, count);
        }
    }

    private static nint Read(int fd, int count)
    {
        fixed (byte* start = s_bytes)
        {
            nint got = Libc.Read(fd, start, count);
            Assert.True(got > 0 || Marshal.GetLastPInvokeError() == Libc.WouldBlock);
            return got;
        }
    }
}
