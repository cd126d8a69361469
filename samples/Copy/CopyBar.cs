using Mitogen.Toolkit;
using Spectre.Console;

namespace Copy;

/// <summary>Shows how far a transfer is, and what it did.</summary>
internal static class CopyBar
{
    public static Task<TransferResult> ShowAsync(Func<IProgress<TransferProgress>?, Task<TransferResult>> transfer) =>
        Console.IsOutputRedirected
            ? transfer(null)
            : AnsiConsole.Progress()
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new DownloadedColumn(),
                    new TransferSpeedColumn(),
                    new RemainingTimeColumn())
                .StartAsync(async bars =>
                {
                    ProgressTask bar = bars.AddTask("looking", maxValue: 1);
                    return await transfer(new Reports(bar));
                });

    public static void Summarize(TransferResult result, bool isDryRun)
    {
        if (isDryRun)
        {
            foreach (TransferChange change in result.Changes)
            {
                Console.WriteLine($"{change.Kind} {PathBytes.Display(change.Path)}");
            }
        }

        foreach (string path in result.ChangedFiles)
        {
            Console.Error.WriteLine($"{PathBytes.Display(path)} changed while it was copied.");
        }

        Console.WriteLine(
            $"{result.Files} files, {result.Folders} folders, {result.Links} links, {result.Deleted} deleted, {result.Unchanged} unchanged; "
            + $"{result.Bytes} bytes in {result.Duration.TotalSeconds:0.00} s ({result.ResumedBytes} were there of an earlier try)");
    }

    private sealed class Reports(ProgressTask bar) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            bar.MaxValue = Math.Max(1, value.TotalBytes);
            bar.Value = value.TotalBytes == 0 && value.IsTotalKnown ? 1 : value.Bytes;
            bar.Description = $"{value.Files}/{value.TotalFiles} files";
        }
    }
}
