using System.Collections.Concurrent;
using System.Reflection;
using Mitogen.HostileKit;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.Runtime.Tests.Hostile;

/// <summary>
/// A child that keeps no rule, beside a sibling and below a context in the middle: it ends its own link, or is refused, and nothing else
/// happens. Each case is a root in a process of its own, which may die of it. What became of each stands in a table at the end. Every attack
/// has one of the places, in turn; <c>dotnet run --project tests/Mitogen.HostileKit</c> runs them in both.
/// </summary>
public sealed class HostileChildTests(HostileTable table) : LeakCheckedTest, IClassFixture<HostileTable>
{
    private static string KitPath { get; } = typeof(HostileChildTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "HostileKit").Value!;

    public static TheoryData<string, string> All { get; } =
    [
        .. from name in CaseNames.All.Index()
           select (name.Item, CaseNames.Places[name.Index % CaseNames.Places.Count]),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_ends_its_own_link_and_nothing_else(string attack, string place)
    {
        var kit = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = KitPath,
            Arguments = [KitPath, "run", attack, place],
            Environment = new Dictionary<string, string?> { ["DOTNET_GCgen0size"] = "2000000", ["DOTNET_GCHeapHardLimit"] = "60000000" },
        });
        string output = await Task.Run(() => Children.ReadToEnd(kit.Transport), Cancellation);
        ChildExit exit = await kit.Exited;
        await kit.EndAsync(TimeSpan.Zero);

        Result? result = Result.Find(output);
        Assert.True(result is not null && exit.Code == 0, $"The root {exit}: {string.Join('\n', kit.LastStderrLines)}");
        table.Add(result);
        Assert.Empty(result.Faults);
    }
}

/// <summary>Prints what became of all cases when the last one is over.</summary>
public sealed class HostileTable : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();

    public void Dispose() => Console.WriteLine(string.Join(Environment.NewLine, [Result.Title, .. _lines]));

    internal void Add(Result result) => _lines.Enqueue(result.ToString());
}
