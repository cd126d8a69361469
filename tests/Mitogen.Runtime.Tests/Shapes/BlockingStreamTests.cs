using Mitogen.Runtime.Tests.Calls;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Streams of bytes that are read and written by blocking calls, while no thread of this process's pool is free.</summary>
public sealed class BlockingStreamTests : ShapeTest
{
    private const int Some = 3_000_000;

    [Fact]
    public async Task A_stream_is_read_and_closed_without_a_pool_thread()
    {
        IBytes bytes = await ServeAsync<IBytes>(Where.Local);
        StarvedPool.Run(() =>
        {
            using Stream opened = bytes.Open(Some);
            PatternStream pattern = new(Some);
            opened.CopyTo(pattern);
            Assert.Equal(Some, pattern.Done);
            Assert.Equal(-1, opened.ReadByte());
        });
        Assert.Equal(0, await bytes.LiveAsync());
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(Some)]
    public async Task A_stream_is_written_and_closed_without_a_pool_thread(int atOnce)
    {
        IBytes bytes = await ServeAsync<IBytes>(Where.Local);
        Stream taken = await bytes.TakeAsync();
        StarvedPool.Run(() =>
        {
            using (taken)
            {
                new PatternStream(Some).CopyTo(taken, atOnce);
                taken.Flush();
            }
        });
        Assert.Equal(Some, await bytes.TakenAsync());
        Assert.Equal(0, await bytes.LiveAsync());
        await NothingIsExportedAsync();
    }

    [Fact]
    public async Task A_failure_reaches_who_is_blocked_without_a_pool_thread()
    {
        IBytes bytes = await ServeAsync<IBytes>(Where.Local);
        Stream broken = await bytes.OpenBrokenAsync(Some);
        Stream taken = await bytes.TakeAsync();
        StarvedPool.Run(() =>
        {
            using (broken)
            {
                _ = Assert.Throws<InvalidDataException>(() => broken.CopyTo(Stream.Null));
            }

            _ = Assert.Throws<InvalidDataException>(void () =>
            {
                while (true)
                {
                    taken.Write(new byte[10_000]);
                }
            });
            _ = Assert.Throws<InvalidDataException>(taken.Dispose);
        });
        await UntilAsync(async () => await bytes.LiveAsync() == 0);
        await NothingIsExportedAsync();
    }

    [Fact]
    public async Task A_read_ends_by_its_deadline_without_a_pool_thread()
    {
        IBytes bytes = (await StartAsync(Where.Local)).Get<IBytes>(new CallOptions { Timeout = TimeSpan.FromSeconds(2) });
        Stream silent = await bytes.OpenSilentAsync();
        StarvedPool.Run(() =>
        {
            _ = Assert.Throws<TimeoutException>(() => silent.ReadByte());
            silent.Dispose();
        });
    }

    [Fact]
    public async Task The_end_of_the_context_reaches_who_is_blocked_without_a_pool_thread()
    {
        IRemoteContext context = await StartAsync(Where.Local);
        IBytes bytes = context.Get<IBytes>();
        Stream silent = await bytes.OpenSilentAsync();
        Stream taken = await bytes.TakeAsync();
        taken.WriteByte(0);
        await bytes.TakenAsync();
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(context.Info.ProcessId);
        StarvedPool.Run(() =>
        {
            Thread reader = Thread.CurrentThread;
            Thread killer = new(() =>
            {
                Eventually.Until(() => (reader.ThreadState & ThreadState.WaitSleepJoin) != 0);
                process.Kill();
            });
            killer.Start();
            _ = Assert.Throws<ContextLostException>(() => silent.ReadByte());
            silent.Dispose();
            _ = Assert.Throws<ContextLostException>(() => taken.Write(new byte[Some]));
            _ = Assert.Throws<ContextLostException>(taken.Dispose);
            killer.Join();
        });
    }
}
