using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Hosts;

/// <summary>A process that is kept warm: it is given the name of a measure on a line, and answers with milliseconds.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    public Peer(string file, params string[] arguments) =>
        _process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public async Task<double> MeasureAsync(string what)
    {
        await _process.StandardInput.WriteLineAsync(what);
        await _process.StandardInput.FlushAsync();
        string line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The peer ended.");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
