using Spectre.Console;

namespace Fleet.Views;

/// <summary>A table in the terminal that changes as targets go on: one row for each.</summary>
internal sealed class TableView : IView
{
    private const int Wide = 150;

    // Numbers are of use unbroken only; the other columns share what is left. A narrow terminal shows the first ones.
    private static readonly Column[] s_columns =
    [
        new("Host", facts => $"{facts.User}@{facts.Host}"),
        new("Up", facts => Texts.Time(facts.UptimeSeconds), IsNumber: true),
        new("Load", facts => $"{facts.Load:0.00}", IsNumber: true),
        new("Memory free", facts => $"{Texts.Size(facts.MemoryAvailable)}/{Texts.Size(facts.MemoryTotal)}", IsNumber: true),
        new("Disk free", facts => $"{Texts.Size(facts.DiskFree)}/{Texts.Size(facts.DiskTotal)}", IsNumber: true),
        new("System", facts => $"{facts.System} {facts.Architecture}", IsWide: true),
        new("Kernel", facts => facts.Kernel, IsWide: true),
        new("Processes", facts => $"{facts.Processes}", IsNumber: true, IsWide: true),
    ];

    private readonly Column[] _columns = [.. s_columns.Where(column => AnsiConsole.Profile.Width >= Wide || !column.IsWide)];

    public async Task<Outcomes> ShowAsync(IReadOnlyList<Target> targets, IAsyncEnumerable<Update> updates)
    {
        Outcomes outcomes = new(targets);
        Table table = new Table { Border = TableBorder.Simple }.AddColumns("Target", "State");
        foreach (Column column in _columns)
        {
            table.AddColumn(new TableColumn(column.Name) { NoWrap = column.IsNumber });
        }

        foreach (Target target in targets)
        {
            table.AddRow(Plain(string.Join('+', target.Hops.Select(hop => hop.Text))), Colored("waiting", "grey"));
        }

        await AnsiConsole.Live(table).StartAsync(async display =>
        {
            display.Refresh();
            await foreach (Update update in updates)
            {
                outcomes.Add(update);
                Show(table, update);
                display.Refresh();
            }
        });
        outcomes.Print();
        return outcomes;
    }

    private void Show(Table table, Update update)
    {
        table.UpdateCell(update.Index, 1, update.State switch
        {
            Connecting { Hop: var hop } => Colored($"connecting {hop.Text}", "yellow"),
            Asking => Colored("gathering", "blue"),
            Failed failed => Colored($"failed at {failed.Hop.Text}: {failed.Reason}", "red"),
            _ => Colored("done", "green"),
        });
        if (update.State is Done done)
        {
            for (int i = 0; i < _columns.Length; i++)
            {
                table.UpdateCell(update.Index, 2 + i, Plain(_columns[i].Text(done.Facts)));
            }
        }
    }

    private static Text Plain(string text) => new(Texts.Printable(text));

    private static Text Colored(string text, string color) => new(Texts.Printable(text), Style.Parse(color));

    private sealed record Column(string Name, Func<HostFacts, string> Text, bool IsNumber = false, bool IsWide = false);
}
