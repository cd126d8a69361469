using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Mitogen.TestContracts;

namespace Mitogen.TestServices;

[RemoteService]
internal sealed class SurroundingsService : ISurroundings
{
    public Task<Surroundings> LookAsync() => Task.FromResult(new Surroundings(
        CultureInfo.CurrentCulture.Name,
        CultureInfo.CurrentUICulture.Name,
        1.5.ToString(CultureInfo.CurrentCulture),
        Console.OutputEncoding.WebName,
        GCSettings.IsServerGC,
        AppContext.GetData("Mitogen.Tests.Setting") as string));

    public async Task<string> RunAsync(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }
}
