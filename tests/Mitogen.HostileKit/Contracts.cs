namespace Mitogen.HostileKit;

/// <summary>What a hostile context is called with. Its methods' ids are those that the hostile child looks for.</summary>
[Remote]
public interface IHostile
{
    /// <summary>Attacks, and says what it did.</summary>
    Task<string> AttackAsync(IGrant grant);

    Task PingAsync();

    Task<string> AskAsync();

    Task<Dictionary<long, int>> MapAsync();

    Task<IReadOnlyList<IThing>> ThingsAsync();

    IAsyncEnumerable<int> ItemsAsync(CancellationToken cancellationToken = default);

    /// <summary>Is never answered.</summary>
    Task NeverAsync();

    /// <summary>Blocks the caller's thread, in a chain of its own.</summary>
    string Chain(IGrant grant);

    /// <summary>Gives an object of an exclusive service, to be called at <see cref="AskAsync"/>.</summary>
    Task TakeAsync(IVault vault);

    /// <summary>Gives bytes to be read.</summary>
    Task DrawAsync(Stream bytes);
}

/// <summary>Lets in one chain of calls at a time.</summary>
[Remote]
public interface IVault
{
    /// <summary>Gives itself to another context, in the chain that is inside.</summary>
    Task LendAsync(IHostile to);

    /// <summary>Is inside for a moment.</summary>
    Task MarkAsync();

    /// <summary>How many were inside in all, and how many at once at the most.</summary>
    Task<int[]> SeenAsync();
}

/// <summary>What a hostile context is given to call.</summary>
[Remote]
public interface IGrant
{
    Task<string> AnswerAsync(string text);

    Task<IThing> MakeAsync();

    Task MarkAsync();

    /// <summary>Blocks its thread for a while, whoever waits for it.</summary>
    void Block();
}

/// <summary>An object that is made, called and let go.</summary>
[Remote]
public interface IThing : IAsyncDisposable
{
    Task PingAsync();
}

/// <summary>What contexts serve that keep the rules.</summary>
[Remote]
public interface IKeeper
{
    Task PingAsync();

    Task<IThing> MakeAsync();

    /// <summary>Things that were made and are not let go.</summary>
    Task<int> LiveAsync();

    Task LogAsync(int lines);

    Task<Vitals> VitalsAsync();

    /// <summary>Blocks until <see cref="ReleaseAsync"/>.</summary>
    string Hold(IGrant grant);

    Task ReleaseAsync();
}

/// <summary>What a process holds.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Heap">Bytes of live objects, after a collection.</param>
/// <param name="Resident">Bytes of memory.</param>
/// <param name="MostResident">The most that it was.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Open">What its descriptors are, without the files of .NET, which keeps some that it reads.</param>
public sealed record Vitals(int ProcessId, long Heap, long Resident, long MostResident, int Threads, string[] Open)
{
    /// <summary>Of this process.</summary>
    public static Vitals Read(bool collect = true)
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        return new Vitals(
            Environment.ProcessId,
            GC.GetTotalMemory(forceFullCollection: collect),
            1024 * Number(status, "VmRSS:"),
            1024 * Number(status, "VmHWM:"),
            (int)Number(status, "Threads:"),
            [
                .. Directory.GetFileSystemEntries("/proc/self/fd").Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).LinkTarget}")
                    .Where(f => Path.GetExtension(f) is not (".dll" or ".pdb")),
            ]);
    }

    private static long Number(string[] status, string name) => long.Parse(
        status.Single(l => l.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);
}
