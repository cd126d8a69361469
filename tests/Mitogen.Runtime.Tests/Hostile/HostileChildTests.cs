using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Mitogen.HostileKit;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Hostile;

/// <summary>
/// A child that keeps no rule, beside a sibling and below a context in the middle: it ends its own link, or is refused, and nothing else
/// happens. Each case is a root in a process of its own, which may die of it. What became of each stands in a table at the end.
/// </summary>
public sealed class HostileChildTests(HostileTable table) : LeakCheckedTest, IClassFixture<HostileTable>
{
    private static string KitPath { get; } = typeof(HostileChildTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "HostileKit").Value!;

    public static TheoryData<string, string> All { get; } =
        [.. from name in CaseNames.All from place in CaseNames.Places select (name, place)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_ends_its_own_link_and_nothing_else(string attack, string place)
    {
        using Process kit = Process.Start(new ProcessStartInfo(KitPath, ["run", attack, place])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCgen0size"] = "2000000", ["DOTNET_GCHeapHardLimit"] = "60000000" },
        })!;
        Task<string> error = kit.StandardError.ReadToEndAsync(Cancellation);
        string output = await kit.StandardOutput.ReadToEndAsync(Cancellation);
        await kit.WaitForExitAsync(Cancellation);

        Result? result = Result.Find(output);
        Assert.True(result is not null && kit.ExitCode == 0, $"The root died with {kit.ExitCode}: {await error}");
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
