using System.Diagnostics;
using Mitogen.HostileKit;

// Without arguments: every case, each in a process of its own, and a table of what became of them. "run CASE PLACE" is one case in this one;
// with other arguments, those cases whose names begin so.
if (args is ["run", var name, var place])
{
    Case one = Cases.Find(name) ?? throw new ArgumentException($"There is no case '{name}'.");
    Console.WriteLine((await Runner.RunAsync(one, place)).Write());
    return 0;
}

int bad = 0;
Console.WriteLine(Result.Title);
foreach (string each in CaseNames.All.Where(n => args.Length == 0 || args.Any(a => n.StartsWith(a, StringComparison.Ordinal))))
{
    foreach (string where in CaseNames.Places)
    {
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["run", each, where])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCgen0size"] = "2000000", ["DOTNET_GCHeapHardLimit"] = "60000000", ["DOTNET_DbgEnableMiniDump"] = "0" },
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Result result = Result.Find(output) ?? new Result(each, where)
        {
            Outcome = $"THE ROOT DIED (exit {process.ExitCode})",
            Faults = [string.Join(" | ", (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(4))],
        };
        Console.WriteLine(result);
        bad += result.Faults.Count > 0 ? 1 : 0;
    }
}

Console.WriteLine(bad == 0 ? "All held." : $"{bad} did not hold.");
return bad == 0 ? 0 : 1;
