using System.Globalization;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>The resident memory of a context that has answered one call and waits for more.</summary>
internal static class IdleMemory
{
    public static async Task RunAsync()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(new LocalConnection());
        _ = await context.Get<IBench>().AddAsync(1, 2);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Figures.Print("resident.MiB", Read(context.Info.ProcessId, "VmRSS:"));
        Figures.Print("anonymous.MiB", Read(context.Info.ProcessId, "RssAnon:"));
    }

    private static double Read(int processId, string field)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return int.Parse(line.AsSpan(field.Length, line.Length - field.Length - " kB".Length), NumberStyles.Integer, CultureInfo.InvariantCulture) / 1024.0;
    }
}
