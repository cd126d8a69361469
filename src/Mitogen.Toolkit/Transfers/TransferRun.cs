namespace Mitogen.Toolkit.Transfers;

/// <summary>One side of a transfer: where it is, and its path.</summary>
internal readonly record struct TransferSide(ITransferEnd End, string Path, string Place)
{
    public static TransferSide Here(string path) => new(TransferEnd.Here, System.IO.Path.GetFullPath(path), "this side");

    public static TransferSide There(IRemoteContext context, string path) => new(context.Get<ITransferEnd>(), path, $"context '{context.Name}'");

    public override string ToString() => $"'{PathBytes.Display(Path)}' of {Place}";
}

/// <summary>Brings a source and a sink together, wherever each of them is.</summary>
internal static class TransferRun
{
    /// <summary>How long to wait for the source's own account of its failure.</summary>
    private static readonly TimeSpan s_accountPatience = TimeSpan.FromSeconds(5);

    public static async Task<TransferResult> RunAsync(
        TransferSide from, TransferSide to, TransferOptions? options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        options ??= new TransferOptions();
        Check(options);
        SyncOptions? sync = options as SyncOptions;
        SinkSettings settings = new(
            options.Comparison,
            options.Permissions,
            options.Owners,
            options.Times,
            options.Flush,
            sync?.Delete ?? false,
            sync?.DryRun ?? false,
            options.MaxEntries,
            options.MaxBytes,
            options.MaxDepth,
            options.MaxListed);
        ITransferSource source = from.End.Open(
            from.Path, new SourceSettings(options.Owners, options.Compress, options.Links, options.MaxDepth, options.MaxEntries));
        AnswerRelay relay = new(source, progress);
        try
        {
            SourceBytes bytes = await source.StartAsync(cancellationToken).ConfigureAwait(false);
            SinkReport report = await to.End.ReceiveAsync(to.Path, settings, bytes.Head, bytes.Rest, relay, cancellationToken).ConfigureAwait(false);
            return Result(report, relay.Elapsed);
        }
        catch (Exception e) when (e is not ArgumentException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Exception cause = await FindCauseAsync(source, e).ConfigureAwait(false);
            TransferProgress last = relay.Last;
            string total = last.IsTotalKnown ? $"{last.TotalFiles} files and {last.TotalBytes} bytes" : $"at least {last.TotalFiles} files";
            throw new TransferException(
                $"The transfer of {from} to {to} broke off after {last.Files} files and {last.Bytes} bytes of {total}: {cause.Message}"
                + " The same call made again goes on from there.",
                last,
                cause);
        }
        finally
        {
            _ = TransferEnd.CloseAsync(source);
        }
    }

    private static TransferResult Result(SinkReport report, TimeSpan duration) => new(
        report.Written,
        report.Unchanged,
        report.Folders,
        report.Links,
        report.Deleted,
        report.ReceivedBytes,
        report.ResumedBytes,
        duration,
        report.ChangedFiles,
        report.Changes);

    /// <summary>The source's own failure, where there is one: what the sink read of it may have lost the path on its way.</summary>
    private static async Task<Exception> FindCauseAsync(ITransferSource source, Exception error)
    {
        using CancellationTokenSource patience = new(s_accountPatience);
        try
        {
            await source.CheckAsync(patience.Token).ConfigureAwait(false);
            return error;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e;
        }
#pragma warning disable CA1031 // the source is gone too: the first failure is what there is to tell
        catch (Exception)
        {
            return error;
        }
#pragma warning restore CA1031
    }

    private static void Check(TransferOptions options)
    {
        AtLeast(options.MaxEntries, nameof(TransferOptions.MaxEntries));
        AtLeast(options.MaxBytes, nameof(TransferOptions.MaxBytes));
        AtLeast(options.MaxListed, nameof(TransferOptions.MaxListed));
        if (options.MaxDepth is < 1 or > Files.TreeWalk.MaxDepth)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxDepth, $"TransferOptions.MaxDepth is from 1 to {Files.TreeWalk.MaxDepth}.");
        }

        static void AtLeast(long value, string option)
        {
            if (value < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(options), value, $"TransferOptions.{option} is at least 0.");
            }
        }
    }
}
