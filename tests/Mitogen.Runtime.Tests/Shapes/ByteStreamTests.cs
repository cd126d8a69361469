using System.IO.Pipelines;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Streams of bytes and pipes, as results and as arguments.</summary>
public sealed class ByteStreamTests : ShapeTest
{
    private const long Some = 5_000_000;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_stream_of_there_is_read_here(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        await using (Stream opened = await bytes.OpenAsync(Some))
        {
            Assert.Equal((true, true, false), (opened.CanRead, opened.CanWrite, opened.CanSeek));
            Assert.Equal(Some, await CheckAsync(opened));
            Assert.Equal(0, await opened.ReadAsync(new byte[1], Cancellation));
        }

        Assert.Equal(0, await bytes.LiveAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_blocking_method_opens_one_that_is_read_blocking(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        await Task.Run(
            () =>
            {
                using Stream opened = bytes.Open(100_000);
                PatternStream pattern = new(100_000);
                opened.CopyTo(pattern);
                Assert.Equal(100_000, pattern.Done);
            },
            Cancellation);
        Assert.Equal(0, await bytes.LiveAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_stream_of_here_is_read_and_written_there(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Assert.Equal(Some, await bytes.CheckAsync(new PatternStream(Some), Cancellation));

        PatternStream target = new(Some);
        await bytes.WriteAsync(target, Some, Cancellation);
        Assert.Equal(Some, target.Done);
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_stream_of_there_is_written_here(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        await using (Stream taken = await bytes.TakeAsync())
        {
            await new PatternStream(Some).CopyToAsync(taken, Cancellation);
        }

        Assert.Equal(Some, await bytes.TakenAsync());
        Assert.Equal(0, await bytes.LiveAsync());
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Pipes_go_both_ways(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        PipeReader opened = await bytes.OpenPipeAsync(Some);
        PatternStream pattern = new(Some);
        await opened.CopyToAsync(pattern, Cancellation);
        await opened.CompleteAsync();
        Assert.Equal(Some, pattern.Done);

        Pipe pipe = new();
        Task writing = bytes.WritePipeAsync(pipe.Writer, Some);
        Assert.Equal(Some, await CheckAsync(pipe.Reader.AsStream()));
        await writing;

        Assert.Equal(Some, await bytes.CheckPipeAsync(PipeReader.Create(new PatternStream(Some))));
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_pipe_that_is_completed_with_a_failure_fails_at_its_other_end(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Pipe pipe = new();
        Task failing = bytes.FailPipeAsync(pipe.Writer, 300_000, "over there");
        PatternStream pattern = new(long.MaxValue);
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => pipe.Reader.CopyToAsync(pattern, Cancellation));
        Assert.Equal(("over there", 300_000), (failure.Message, pattern.Done));
        await failing;

        PipeWriter taken = await bytes.TakePipeAsync();
        await new PatternStream(300_000).CopyToAsync(taken, Cancellation);
        await taken.CompleteAsync(new InvalidDataException("over here"));
        Assert.Equal("300000: over here", await bytes.EndOfPipeAsync());

        taken = await bytes.TakePipeAsync();
        await taken.CompleteAsync(new InvalidDataException("before anything"));
        Assert.Equal("0: before anything", await bytes.EndOfPipeAsync());

        taken = await bytes.TakePipeAsync();
        await new PatternStream(10).CopyToAsync(taken, Cancellation);
        await taken.CompleteAsync();
        Assert.Equal("10", await bytes.EndOfPipeAsync());
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_pipe_whose_reader_fails_fails_at_its_writer(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(new byte[10], Cancellation);
        await bytes.GiveUpPipeAsync(pipe.Reader, "no more");

        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(async () => await pipe.Writer.WriteAsync(new byte[10], Cancellation));
        Assert.Equal("no more", failure.Message);
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_stream_that_is_forgotten_is_closed_over_there(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        await ReadAndForgetAsync(bytes);
        await WriteAndForgetAsync(bytes);
        await UntilAsync(async () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return await bytes.LiveAsync() == 0;
        });
        await NothingIsExportedAsync();
    }

    private static async Task ReadAndForgetAsync(IBytes bytes)
    {
        for (int i = 0; i < 10; i++)
        {
            await (await bytes.OpenAsync(long.MaxValue)).ReadExactlyAsync(new byte[10], Cancellation);
        }
    }

    private static async Task WriteAndForgetAsync(IBytes bytes)
    {
        for (int i = 0; i < 10; i++)
        {
            await (await bytes.TakeAsync()).WriteAsync(new byte[] { 0, 1, 2 }, Cancellation);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_failure_over_there_reaches_the_reader_with_its_cause(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        await using Stream broken = await bytes.OpenBrokenAsync(300_000);
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => CheckAsync(broken));
        Assert.Equal("Broken after 300000 bytes.", failure.Message);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_failure_over_there_reaches_the_writer_with_its_cause(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Stream taken = await bytes.TakeAsync();
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            while (true)
            {
                await taken.WriteAsync(new byte[10_000], Cancellation);
            }
        });
        Assert.StartsWith("After ", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await taken.DisposeAsync());
        await UntilAsync(async () => await bytes.LiveAsync() == 0);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Either_side_may_close_early(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Stream opened = await bytes.OpenAsync(long.MaxValue);
        await opened.ReadExactlyAsync(new byte[10], Cancellation);
        await opened.DisposeAsync();
        await UntilAsync(async () => await bytes.LiveAsync() == 0);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await opened.ReadExactlyAsync(new byte[1], Cancellation));

        await bytes.ReadOneAsync(new PatternStream(long.MaxValue));
        await NothingIsExportedAsync();
    }

    private static async Task<long> CheckAsync(Stream source)
    {
        PatternStream pattern = new(long.MaxValue);
        await source.CopyToAsync(pattern, Cancellation);
        return pattern.Done;
    }
}
