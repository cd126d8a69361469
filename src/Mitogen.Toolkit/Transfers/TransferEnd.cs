using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Transfers;

/// <summary>A context as source and as sink.</summary>
[RemoteService(Ordered = false)]
internal sealed class TransferEnd : ITransferEnd
{
    private readonly FileFailures _failures;

    public TransferEnd(IRemoteContext self) => _failures = FileFailures.Of(self);

    private TransferEnd(FileFailures failures) => _failures = failures;

    /// <summary>This side of a transfer, without calls.</summary>
    public static TransferEnd Here { get; } = new(new FileFailures("on this side"));

    public ITransferSource Open(string path, SourceSettings settings) => new SourceSession(new SourceStream(path, settings, _failures));

    public async Task<SinkReport> ReceiveAsync(
        string path, SinkSettings settings, byte[] head, Stream? rest, IProgress<SinkAnswers> answers, CancellationToken cancellationToken)
    {
        try
        {
            using SinkRun run = new(path, settings, _failures, answers);
            return await run.ReceiveAsync(new WireReader(head, rest), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (rest is not null)
            {
                _ = CloseAsync(rest);
            }
        }
    }

    /// <summary>Nobody waits for it: that would be a round trip more.</summary>
    internal static async Task CloseAsync(IAsyncDisposable far)
    {
        try
        {
            await far.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ContextLostException or ObjectDisposedException or OperationCanceledException)
        {
            // The other side is gone, or has closed it after its failure, which was told.
        }
    }

    private sealed class SourceSession(SourceStream stream) : ITransferSource
    {
        public Task<SourceBytes> StartAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (byte[] head, bool isAll) = stream.ReadHead();
            return Task.FromResult(new SourceBytes(head, isAll ? null : stream));
        }

        public void Answer(SinkAnswer[] answers) => stream.Answer(answers);

        public Task CheckAsync(CancellationToken cancellationToken) => stream.Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
