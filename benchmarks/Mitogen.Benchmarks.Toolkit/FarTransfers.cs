using System.Diagnostics;
using System.Globalization;
using Benchmarks.Links;
using Benchmarks.Measuring;
using Mitogen;
using Mitogen.Toolkit;

namespace Benchmarks.Toolkit;

/// <summary>Trees of small files through a link that takes 13 ms each way.</summary>
internal static class FarTransfers
{
    private const int Turns = 7;
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(13);

    public static async Task PrintAsync(IRemoteContext app)
    {
        DelayingLink.SetDelay(s_delay);
        IRemoteContext context = await app.ConnectAsync(new LocalConnection { DotNetPath = ChildPrograms.Self });
        DelayingLink.SetDelay(null);
        string folder = Directory.CreateTempSubdirectory("transfers-").FullName;
        try
        {
            List<double> pings = [];
            for (int i = 0; i < 20; i++)
            {
                pings.Add(await TimeAsync(() => context.PingAsync()));
            }

            double ping = Median(pings);
            Console.WriteLine($"a call without work: {ping:0.0} ms");
            (string, int, int)[] trees = [("1,000 empty files", 1000, 0), ("1,000 files of 1 KiB", 1000, 1024), ("one file of 1 KiB", 1, 1024)];
            foreach ((string name, int files, int size) in trees)
            {
                string source = $"{folder}/{files}-{size}";
                Directory.CreateDirectory(source);
                for (int i = 0; i < files; i++)
                {
                    await File.WriteAllBytesAsync($"{source}/file-{i:0000}", Random.Shared.GetItems<byte>([1, 2, 3, 4, 5, 6, 7, 8], size));
                }

                Dictionary<string, List<double>> times = new() { ["up"] = [], ["up, there already"] = [], ["down"] = [], ["without flush, up"] = [] };
                TransferOptions unflushed = new() { Flush = false };
                for (int turn = 0; turn < Turns; turn++)
                {
                    string target = $"{folder}/target-{files}-{size}-{turn}";
                    times["up"].Add(await TimeAsync(() => context.UploadAsync(source, target)));
                    times["up, there already"].Add(await TimeAsync(() => context.UploadAsync(source, target)));
                    times["down"].Add(await TimeAsync(() => context.DownloadAsync(target, target + "-back")));
                    times["without flush, up"].Add(await TimeAsync(() => context.UploadAsync(source, target + "-again", unflushed)));
                }

                foreach ((string way, List<double> measured) in times)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}, {way}: median {Median(measured):0.0} ms, least {measured.Min():0.0} ms, {measured.Min() / ping:0.0} round trips"));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    internal static async Task<double> TimeAsync(Func<Task> work)
    {
        long begun = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
