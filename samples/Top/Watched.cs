using Mitogen;
using Mitogen.Toolkit;

namespace Top;

/// <summary>One machine, and what it said last.</summary>
internal sealed class Watched(string chain)
{
    private readonly Dictionary<(int Id, long Start), TimeSpan> _before = [];
    private IRemoteContext? _context;
    private DateTimeOffset _at;

    public string Chain => chain;

    public string? Failure { get; private set; }

    public SystemFacts? Facts { get; private set; }

    public int Total { get; private set; }

    public IReadOnlyList<Usage> Processes { get; private set; } = [];

    /// <summary>Asks the machine. One that fails is connected anew the next time.</summary>
    public async Task LookAsync(IRemoteContext root, CancellationToken cancellationToken)
    {
        try
        {
            _context ??= await root.ConnectAsync(chain, cancellationToken);
            ISystem system = _context.Get<ISystem>();
            Task<SystemFacts> facts = system.GetFactsAsync(cancellationToken);
            ProcessList list = await system.ListProcessesAsync(cancellationToken: cancellationToken);
            Facts = await facts;
            Take(list, DateTimeOffset.UtcNow);
            Failure = null;
        }
        catch (Exception e) when (e is BootstrapException or ContextLostException or IOException)
        {
            Failure = e.Message.Split('\n')[0];
            await (_context?.DisposeAsync() ?? default);
            (_context, Facts, Processes) = (null, null, []);
            _before.Clear();
        }
    }

    private void Take(ProcessList list, DateTimeOffset now)
    {
        double seconds = (now - _at).TotalSeconds;
        Processes =
        [
            .. from process in list.Processes
               let used = _before.TryGetValue((process.Id, process.StartTicks), out TimeSpan before) ? process.ProcessorTime - before : TimeSpan.Zero
               select new Usage(this, process, used.TotalSeconds / seconds),
        ];
        _before.Clear();
        foreach (ProcessFacts process in list.Processes)
        {
            _before[(process.Id, process.StartTicks)] = process.ProcessorTime;
        }

        (_at, Total) = (now, list.Total);
    }
}

/// <summary>A process, and the part of one processor that it used since the last look.</summary>
internal sealed record Usage(Watched Machine, ProcessFacts Process, double Processor);
