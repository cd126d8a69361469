using Mitogen.Ssh.Channels;

namespace Mitogen.Ssh.Tests.Channels;

public sealed class BoundedPipeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_read_in_order_whatever_the_pieces()
    {
        using BoundedPipe pipe = new(7);
        byte[] sent = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];
        Task writing = Task.Run(
            () =>
            {
                for (int at = 0, piece = 1; at < sent.Length; at += piece, piece = piece % 13 + 1)
                {
                    pipe.Write(sent.AsSpan(at, Math.Min(piece, sent.Length - at)));
                }

                pipe.End();
            },
            Cancellation);
        using MemoryStream received = new();
        byte[] buffer = new byte[5];
        for (int count; (count = pipe.Read(buffer)) > 0;)
        {
            received.Write(buffer, 0, count);
        }

        await writing;
        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task A_full_pipe_holds_its_writer_until_something_is_read()
    {
        using BoundedPipe pipe = new(4);
        pipe.Write([1, 2, 3, 4]);
        Thread? writer = null;
        Task writing = Task.Factory.StartNew(
            () =>
            {
                writer = Thread.CurrentThread;
                pipe.Write([5]);
            },
            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Eventually.UntilAsync(() => writer?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true);
        Assert.False(writing.IsCompleted);
        Assert.Equal(4, pipe.Read(new byte[9]));
        await writing.InTimeAsync();
        Assert.Equal(1, pipe.Read(new byte[9]));
    }

    [Fact]
    public async Task An_abort_frees_both_sides()
    {
        using BoundedPipe pipe = new(1);
        pipe.Write([1]);
        Task writing = Task.Run(() => pipe.Write([2, 3]), Cancellation);
        pipe.Abort();
        await writing.InTimeAsync();
        Assert.Equal(0, pipe.Read(new byte[9]));
        using BoundedPipe empty = new(1);
        Task<int> reading = Task.Run(() => empty.Read(new byte[1]), Cancellation);
        empty.Abort();
        Assert.Equal(0, await reading.InTimeAsync());
    }
}
