using System.CommandLine;
using Mitogen;
using Mitogen.Toolkit;

namespace Copy;

/// <summary>What the command line says, and the work.</summary>
internal static class CopyCommand
{
    private static readonly Argument<CopyPlace> s_from = new("FROM")
    {
        Description = "What is copied: a path, or a chain of connections and a path: ssh://web1+sudo:/srv/www",
        CustomParser = CopyPlace.Parse,
    };

    private static readonly Argument<CopyPlace> s_to = new("TO") { Description = "The name of the copy, in the same form", CustomParser = CopyPlace.Parse };
    private static readonly Option<bool> s_delete = new("--delete") { Description = "Deletes what the original does not have" };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Lists what would be done" };
    private static readonly Option<bool> s_compress = new("--compress") { Description = "Compresses contents on their way" };
    private static readonly Option<bool> s_owners = new("--owners") { Description = "Copies owners and groups as well" };
    private static readonly Option<bool> s_checksum = new("--checksum") { Description = "Compares contents and not times" };

    public static async Task<int> RunAsync(IRemoteContext app, string[] args)
    {
        RootCommand command = new("Copies files and trees from, to and between machines.")
        {
            s_from, s_to, s_delete, s_dryRun, s_compress, s_owners, s_checksum,
        };
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0 || parsed.Action is not null)
        {
            return await parsed.InvokeAsync();
        }

        SyncOptions options = new()
        {
            Delete = parsed.GetValue(s_delete),
            DryRun = parsed.GetValue(s_dryRun),
            Compress = parsed.GetValue(s_compress),
            Owners = parsed.GetValue(s_owners),
            Comparison = parsed.GetValue(s_checksum) ? TransferComparison.Content : TransferComparison.SizeAndTime,
        };
        CopyPlace from = parsed.GetRequiredValue(s_from);
        CopyPlace to = parsed.GetRequiredValue(s_to);
        try
        {
            IRemoteContext source = await from.ConnectAsync(app);
            IRemoteContext target = await to.ConnectAsync(app);
            TransferResult result = await CopyBar.ShowAsync(
                progress => source.CopyToAsync(from.Path, target, to.Path, options, progress, app.Disconnected));
            CopyBar.Summarize(result, options.DryRun);
            return 0;
        }
        catch (Exception e) when (e is TransferException or BootstrapException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Given up. The same command goes on from there.");
            return 1;
        }
    }
}
