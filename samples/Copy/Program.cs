using System.CommandLine;
using Copy;
using Mitogen;
using Mitogen.Toolkit;

// Copy site ssh://web1+sudo:/srv/www: copies a tree with a progress bar. Run it again after a break: it goes on.
Argument<CopyPlace> from = new("FROM")
{
    Description = "What is copied: a path, or a chain of connections and a path: ssh://web1+sudo:/srv/www",
    CustomParser = CopyPlace.Parse,
};
Argument<CopyPlace> to = new("TO") { Description = "The name of the copy, in the same form", CustomParser = CopyPlace.Parse };
Option<bool> delete = new("--delete") { Description = "Deletes what the original does not have" };
Option<bool> dryRun = new("--dry-run") { Description = "Lists what would be done" };
Option<bool> compress = new("--compress") { Description = "Compresses contents on their way" };
Option<bool> owners = new("--owners") { Description = "Copies owners and groups as well" };
Option<bool> checksum = new("--checksum") { Description = "Compares contents and not times" };
RootCommand command = new("Copies files and trees from, to and between machines.") { from, to, delete, dryRun, compress, owners, checksum };
ParseResult parsed = command.Parse(args);

return await MitogenApp.RunAsync(args, async app =>
{
    if (parsed.Errors.Count > 0 || parsed.Action is not null)
    {
        return await parsed.InvokeAsync();
    }

    SyncOptions options = new()
    {
        Delete = parsed.GetValue(delete),
        DryRun = parsed.GetValue(dryRun),
        Compress = parsed.GetValue(compress),
        Owners = parsed.GetValue(owners),
        Comparison = parsed.GetValue(checksum) ? TransferComparison.Content : TransferComparison.SizeAndTime,
    };
    try
    {
        IRemoteContext source = await parsed.GetRequiredValue(from).ConnectAsync(app);
        IRemoteContext target = await parsed.GetRequiredValue(to).ConnectAsync(app);
        TransferResult result = await CopyBar.ShowAsync(progress => source.CopyToAsync(
            parsed.GetRequiredValue(from).Path, target, parsed.GetRequiredValue(to).Path, options, progress, app.Disconnected));
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
});
