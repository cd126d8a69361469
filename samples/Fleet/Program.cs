using Fleet;
using Fleet.Views;
using Microsoft.Extensions.Logging.Abstractions;
using Mitogen;
using Spectre.Console;

return await MitogenApp.RunAsync(
    args,
    async app =>
    {
        CommandLine options;
        try
        {
            // Somewhere else than here: it may wait for a password, and Ctrl-C is to end that as well.
            options = await Task.Run(() => CommandLine.Parse(args));
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }

        if (options.Help is { } help)
        {
            return help();
        }

        IView view = options.Json ? new JsonView()
            : Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new LineView()
            : new TableView();
        Gathering gathering = new(app, options.Targets, options.Parallel);
        Outcomes outcomes = await view.ShowAsync(options.Targets, gathering.RunAsync(app.Disconnected));
        return outcomes.Failed.Count == 0 ? 0 : 1;
    },

    // What contexts and tools print on the way would go through the table: the last lines of what failed stand in the summary.
    new MitogenOptions { LoggerFactory = NullLoggerFactory.Instance, MaxConcurrentStarts = CommandLine.MaxParallel });
