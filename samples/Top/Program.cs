using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Mitogen;
using Mitogen.Toolkit;
using Spectre.Console;
using Top;

// The busiest processes of many machines, live: dotnet run --project samples/Top -- [--once] CONNECTIONS...
return await MitogenApp.RunAsync(
    args,
    async app =>
    {
        bool once = args.Contains("--once");
        Watched[] machines = [.. args.Where(arg => arg != "--once").Select(chain => new Watched(chain))];
        if (machines.Length == 0 || machines.Any(machine => machine.Chain.StartsWith('-')))
        {
            Console.Error.WriteLine("usage: Top [--once] CONNECTIONS...\nSuch as: Top local:// ssh://web1 ssh://db+sudo");
            return 2;
        }

        Task LookAsync() => Task.WhenAll(machines.Select(machine => machine.LookAsync(app, app.Disconnected)));
        try
        {
            await LookAsync();
            if (once || Console.IsOutputRedirected)
            {
                AnsiConsole.Write(View(machines, int.MaxValue));
                return machines.Any(machine => machine.Failure is not null) ? 1 : 0;
            }

            await AnsiConsole.Live(View(machines, AnsiConsole.Profile.Height)).StartAsync(async display =>
            {
                using PeriodicTimer timer = new(TimeSpan.FromSeconds(2));
                while (await timer.WaitForNextTickAsync(app.Disconnected))
                {
                    await LookAsync();
                    display.UpdateTarget(View(machines, AnsiConsole.Profile.Height));
                }
            });
        }
        catch (Exception e) when (e is FormatException || e is OperationCanceledException && app.Disconnected.IsCancellationRequested)
        {
            if (e is FormatException)
            {
                Console.Error.WriteLine(e.Message);
                return 2;
            }
        }

        return 0;
    },

    // What contexts print on the way would go through the table.
    new MitogenOptions { LoggerFactory = NullLoggerFactory.Instance });

static Table View(IReadOnlyList<Watched> machines, int height)
{
    Table table = new() { Border = TableBorder.Simple };
    foreach (string column in (string[])["Machine", "Id", "User", "CPU", "Memory", "Time", "Command"])
    {
        // Numbers are of use unbroken only; the other columns share what is left.
        _ = table.AddColumn(new TableColumn(column) { NoWrap = column is "Id" or "CPU" or "Memory" or "Time" });
    }

    foreach (Watched machine in machines)
    {
        _ = table.AddRow(machine switch
        {
            { Failure: { } failure } =>
            [
                Bold(machine.Chain), Plain(""), Plain(""), Plain(""), Plain(""), Plain(""), new Text(Printable(failure), Style.Parse("red")),
            ],
            { Facts: { } facts } =>
            [
                Bold(machine.Chain), Number($"{machine.Total}"), Plain(facts.HostName), Number($"{facts.Load.One:0.00}"),
                Number($"{Size(facts.Memory.Total - facts.Memory.Available)}"), Number(Time(facts.Uptime)),
                Plain($"{facts.Distribution.Name}, {facts.Processor.Count} processors, {Size(facts.Memory.Total)}"),
            ],
            _ => [Bold(machine.Chain)],
        });
    }

    int room = Math.Max(5, height - machines.Count - 6);
    foreach (Usage usage in machines.SelectMany(machine => machine.Processes)
        .OrderByDescending(usage => usage.Processor).ThenByDescending(usage => usage.Process.ProcessorTime).Take(Math.Min(room, 200)))
    {
        ProcessFacts process = usage.Process;
        _ = table.AddRow(
            Plain(usage.Machine.Chain), Number($"{process.Id}"), Plain(process.UserName), Number($"{usage.Processor * 100:0.0}"), Number(Size(process.Memory)),
            Number(Time(process.ProcessorTime)), Plain(process.Arguments.Count > 0 ? Path.GetFileName(process.Arguments[0]) : $"[{process.Name}]"));
    }

    return table;
}

static Text Plain(string text) => new(Printable(text)) { Overflow = Overflow.Ellipsis };

static Text Bold(string text) => new(Printable(text), Style.Parse("bold"));

static Text Number(string text) => new(text) { Justification = Justify.Right };

// What a machine says, without what would move the cursor or change colours.
static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

static string Size(long bytes) => bytes switch
{
    < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0}K"),
    < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0}M"),
    _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.0}G"),
};

static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
