using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Contexts;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class FailureTests : CallTest
{
    private const int Limit = 64 * 1024;

    // Each contract's calls are numbered for themselves: a number that was left out would be waited for.
    private readonly Dictionary<ulong, SequenceCounter> _counters = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_reads_as_if_the_call_had_been_local(bool inRoot)
    {
        IWork work = await ServeAsync<IWork>(
            new Work
            {
                Async = (step, _, _) => step == 0 ? throw new FileNotFoundException("no such file", "/etc/none") : FailLaterAsync(),
                Sync = (_, _, _) => throw BadArgument("bad", "step"),
            },
            inRoot);

        FileNotFoundException file = await Assert.ThrowsAsync<FileNotFoundException>(async () => await work.RunAsync(0, []));
        Assert.Equal("/etc/none", file.FileName);
        RemoteCallException remote = Assert.IsType<RemoteCallException>(file.InnerException);
        Assert.Equal(inRoot ? "root" : "root/child", remote.ContextPath);
        Assert.Contains(nameof(An_exception_reads_as_if_the_call_had_been_local), remote.RemoteStackTrace, StringComparison.Ordinal);

        RemoteCallException odd = await Assert.ThrowsAsync<RemoteCallException>(async () => await work.RunAsync(1, []));
        Assert.Equal(typeof(OddException).FullName, odd.RemoteType);
        Assert.Equal("odd", odd.Message);

        Assert.Equal("step", Assert.Throws<ArgumentException>(() => work.Block(0, [])).ParamName);
        Assert.Equal(2, await work.IncrementAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_argument_that_cannot_be_written_fails_that_call_alone(bool inRoot)
    {
        IValues values = await ServeAsync<IValues>(new Values(), inRoot);

        await Assert.ThrowsAsync<InvalidDataException>(() => values.EchoThornyAsync(new Thorny { Value = "thorn" }, asThorn: false));

        Assert.Equal("rose", (await values.EchoThornyAsync(new Thorny { Value = "rose" }, asThorn: false)).Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_that_cannot_be_written_fails_that_call_alone(bool inRoot)
    {
        IValues values = await ServeAsync<IValues>(new Values(), inRoot);

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => values.EchoThornyAsync(new Thorny { Value = "rose" }, asThorn: true));

        Assert.Contains("EchoThornyAsync", error.Message, StringComparison.Ordinal);
        Assert.Contains("a thorn", error.Message, StringComparison.Ordinal);
        Assert.Equal("rose", (await values.EchoThornyAsync(new Thorny { Value = "rose" }, asThorn: false)).Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_over_the_bound_fails_that_call_and_names_the_option(bool inRoot)
    {
        IWork work = await ServeAsync<IWork>(
            new Work { Async = (step, data, _) => new(step == 0 ? data : new byte[step]) }, inRoot, new MitogenOptions { MaxMessageSize = Limit });

        // The array's own length takes 4 bytes, the step 4.
        Assert.Equal(Limit - 8, (await work.RunAsync(0, new byte[Limit - 8])).Length);
        foreach (int size in new[] { Limit - 7, Limit, 10 * Limit })
        {
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.RunAsync(0, new byte[size]));
            Assert.Contains("MaxMessageSize", error.Message, StringComparison.Ordinal);
            Assert.Null(error.InnerException);
        }

        Assert.Equal(Limit - 4, (await work.RunAsync(Limit - 4, [])).Length);
        foreach (int size in new[] { Limit - 3, 10 * Limit })
        {
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.RunAsync(size, []));
            Assert.Contains("MaxMessageSize", error.Message, StringComparison.Ordinal);
            Assert.Contains("RunAsync", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, await work.IncrementAsync(1));
    }

    [Fact]
    public async Task An_exception_larger_than_the_bound_arrives()
    {
        IWork work = await ServeAsync<IWork>(
            new Work { Async = (_, _, _) => throw new IOException(new string('x', 10_000)) }, options: new MitogenOptions { MaxMessageSize = 1024 });

        IOException error = await Assert.ThrowsAsync<IOException>(async () => await work.RunAsync(0, []));

        Assert.Equal(10_000, error.Message.Length);
        Assert.Equal(2, await work.IncrementAsync(1));
    }

    [Fact]
    public async Task Sides_of_different_builds_fail_the_calls_that_differ()
    {
        IRemoteContext child = await ContextOfAsync<IWork>(new Work());
        RemoteContract<IWork> contract = RemoteCatalog.Default.Find<IWork>();

        NotSupportedException method = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await Begin(child, contract.Id, 0xDEADBEEF).InvokeAsync(Cancellation));
        NotSupportedException type = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await Begin(child, 0x1234, 1).InvokeAsync(Cancellation));
        Assert.Throws<NotSupportedException>(() => Begin(child, contract.Id, 0xDEADBEEF).Invoke(Cancellation));

        Assert.Contains("IWork", method.Message, StringComparison.Ordinal);
        Assert.Contains("same build", method.Message, StringComparison.Ordinal);
        Assert.Contains("0000000000001234", type.Message, StringComparison.Ordinal);
        Assert.Equal(2, await IncrementAsync(child));
    }

    [Fact]
    public async Task Arguments_and_results_of_another_length_are_told_from_those_of_the_same_build()
    {
        IRemoteContext child = await ContextOfAsync<IWork>(new Work());
        RemoteContract<IWork> contract = RemoteCatalog.Default.Find<IWork>();
        RemoteMethod increment = contract.Methods.Single(m => m.Name == "IWork.IncrementAsync");

        OutgoingCall<int> call = Begin(child, contract.Id, increment.Id);
        var writer = call.BeginArguments();
        writer.WriteUnmanaged(1L);
        call.EndArguments(ref writer);
        ArgumentException longer = await Assert.ThrowsAsync<ArgumentException>(async () => await call.InvokeAsync(Cancellation));
        Assert.Contains("4 bytes too many", longer.Message, StringComparison.Ordinal);

        OutgoingCall<short> narrow = new RemoteCallTarget((ContextHandle)child, contract.Name, _counters[contract.Id], new CallOptions())
            .Begin(new RemoteMethod(contract.Id, increment.Id, 0, "IWork.IncrementAsync", MethodShape.Asynchronous), static (ref MemoryPack.MemoryPackReader r) => r.ReadUnmanaged<short>());
        writer = narrow.BeginArguments();
        writer.WriteUnmanaged(1);
        narrow.EndArguments(ref writer);
        InvalidOperationException result = await Assert.ThrowsAsync<InvalidOperationException>(async () => await narrow.InvokeAsync(Cancellation));
        Assert.Contains("2 bytes too many", result.Message, StringComparison.Ordinal);
        Assert.Equal(2, await IncrementAsync(child));
    }

    [Fact]
    public async Task A_contract_that_nobody_serves_is_named_with_the_remedy()
    {
        InProcessRoot root = NewRoot();

        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(async () => await root.Get<IWork>().IncrementAsync(1));

        Assert.Contains("IWork", error.Message, StringComparison.Ordinal);
        Assert.Contains("[RemoteService]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_way_call_that_fails_is_logged_and_the_next_one_runs()
    {
        RecordingLoggers loggers = new();
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = loggers });
        root.OnConnect<LocalConnection>(c => c.Name == "empty"
            ? new FakeContext()
            : new FakeContext().Add<IWork>(new Work { Told = step => Tell(step, told) }));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext empty = await root.ConnectAsync(new LocalConnection { Name = "empty" }, Cancellation);

        child.Get<IWork>().Tell(0);
        child.Get<IWork>().Tell(1);
        await told.Task.InTimeAsync();
        await UntilAsync(() => loggers.Records.Any(r => r.Message.Contains("IWork.Tell", StringComparison.Ordinal) && r.Exception is not null));

        // Nobody serves it there: the caller hears of that.
        int before = loggers.Records.Count(r => r.Message.Contains("IWork.Tell", StringComparison.Ordinal));
        empty.Get<IWork>().Tell(2);
        await UntilAsync(() => loggers.Records.Count(r => r.Message.Contains("IWork.Tell", StringComparison.Ordinal)) > before);

        static void Tell(int step, TaskCompletionSource told)
        {
            if (step == 0)
            {
                throw new IOException("not told");
            }

            told.SetResult();
        }
    }

    private OutgoingCall<int> Begin(IRemoteContext context, ulong contract, uint method)
    {
        _ = _counters.TryAdd(contract, new SequenceCounter());
        return new RemoteCallTarget((ContextHandle)context, "IWork", _counters[contract], new CallOptions()).Begin(
            new RemoteMethod(contract, method, 0, "IWork.Missing", MethodShape.Asynchronous),
            static (ref MemoryPack.MemoryPackReader reader) => reader.ReadUnmanaged<int>());
    }

    private async Task<int> IncrementAsync(IRemoteContext context)
    {
        RemoteContract<IWork> contract = RemoteCatalog.Default.Find<IWork>();
        OutgoingCall<int> call = Begin(context, contract.Id, contract.Methods.Single(m => m.Name == "IWork.IncrementAsync").Id);
        var writer = call.BeginArguments();
        writer.WriteUnmanaged(1);
        call.EndArguments(ref writer);
        return await call.InvokeAsync(Cancellation);
    }

    private static ArgumentException BadArgument(string message, string name) => new(message, name);

    private static async ValueTask<byte[]> FailLaterAsync()
    {
        await Task.Yield();
        throw new OddException("odd");
    }

    private sealed class OddException(string message) : Exception(message);
}
