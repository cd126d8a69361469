using System.Runtime.CompilerServices;
using System.Text;
using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Processes;

/// <summary>A user's test has fakes in the place of processes.</summary>
public sealed class FakeProcessTests
{
    [Fact]
    public async Task A_fake_of_the_contract_serves_a_context_in_memory()
    {
        await using InProcessRoot app = InProcessRoot.Create();
        FakeRunner fake = new();
        app.OnConnect<LocalConnection>(_ => new FakeContext().Add<IProcesses>(fake));
        IRemoteContext host = await app.ConnectAsync(new LocalConnection(), TestContext.Current.CancellationToken);
        IProcesses processes = host.Get<IProcesses>();

        ProcessResult result = await processes.RunAsync("deploy", ["2.0"], TestContext.Current.CancellationToken);
        await using (RemoteProcess process = await processes.StartAsync(new ProcessCommand("tail"), TestContext.Current.CancellationToken))
        {
            List<string> lines = [];
            await foreach (OutputLine line in process.Lines(TestContext.Current.CancellationToken))
            {
                lines.Add(line.Text);
            }

            using StreamReader reader = new(process.Output);
            Assert.Equal("bytes", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
            Assert.Equal(["one", "two"], lines);
            Assert.Equal(3, (await process.WaitAsync(TestContext.Current.CancellationToken)).Code);
        }

        Assert.Equal("deploy 2.0", result.Output);
        Assert.True(fake.Started.IsDisposed);
    }

    private static ProcessExit Exit(int status) => new(status, ProcessSignal.None, TimeSpan.Zero, TimedOut: false, Usage: null);

    private sealed class FakeRunner : IProcesses
    {
        public FakeControl Started { get; } = new();

        public Task<ProcessResult> RunAsync(ProcessCommand command, ProcessStreams? streams = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ProcessResult($"{command}", "web", Exit(0), Encoding.UTF8.GetBytes($"{command}"), [], 0, 0, []));

        public Task<RemoteProcess> StartAsync(ProcessCommand command, CancellationToken cancellationToken = default) =>
            Task.FromResult(new RemoteProcess(1, Stream.Null, new MemoryStream("bytes"u8.ToArray()), Stream.Null, Started));
    }

    private sealed class FakeControl : IProcessControl
    {
        public bool IsDisposed { get; private set; }

        public Task<bool> SignalAsync(ProcessSignal signal, bool group, CancellationToken cancellationToken = default) => Task.FromResult(false);

        public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken = default) => Task.FromResult(Exit(3));

        public async IAsyncEnumerable<OutputLine[]> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return [new OutputLine(OutputKind.Output, "one"), new OutputLine(OutputKind.Error, "two")];
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }
    }
}
