using System.Diagnostics;
using System.Globalization;
using Mitogen;
using Mitogen.Toolkit;

namespace Benchmarks.Toolkit;

/// <summary>A large file and a tree over ssh, in rounds in which each way takes its turn.</summary>
internal static class SshTransfers
{
    private const string Host = "127.0.0.1";
    private const int Size = 256 << 20;
    private const int Files = 2000;

    public static async Task PrintAsync(IRemoteContext app, int rounds, string port, string key, string folder)
    {
        string user = Environment.UserName;
        IRemoteContext context = await app.ConnectAsync(new SshConnection(Host)
        {
            User = user,
            Port = int.Parse(port, CultureInfo.InvariantCulture),
            IdentityFile = key,
            ConfigFile = "none",
            HostKeyPolicy = HostKeyPolicy.Ignore,
        });
        string options = $"-F none -i {key} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR";
        string ssh = $"ssh {options} -p {port} {user}@{Host}";
        string large = folder + "/large";
        byte[] piece = new byte[1 << 20];
        using (FileStream file = File.Create(large))
        {
            for (int i = 0; i < Size / piece.Length; i++)
            {
                Random.Shared.NextBytes(piece);
                await file.WriteAsync(piece);
            }
        }

        string tree = folder + "/tree";
        for (int i = 0; i < Files; i++)
        {
            Directory.CreateDirectory($"{tree}/{i % 20}");
            await File.WriteAllBytesAsync($"{tree}/{i % 20}/{i}", piece.AsMemory(0, 2000));
        }

        bool hasRsync = File.Exists("/usr/bin/rsync");
        TransferOptions plain = new() { Flush = false };
        List<(string Group, string Name, Func<string, Task> Run)> ways =
        [
            ("up", "`ssh host 'cat >file'`", to => ShellAsync($"{ssh} 'cat >{to}' <{large}")),
            ("up", "`UploadAsync`, without flush", to => context.UploadAsync(large, to, plain)),
            ("up", "`UploadAsync`", to => context.UploadAsync(large, to)),
            ("up", "`scp`", to => ShellAsync($"scp -q {options} -P {port} {large} {user}@{Host}:{to}")),
            ("up", "`sftp`", to => ShellAsync($"echo 'put {large} {to}' | sftp -q -b - {options} -P {port} {user}@{Host} >/dev/null")),
            ("down", "`ssh host cat`", to => ShellAsync($"{ssh} 'cat {large}' >{to}")),
            ("down", "`DownloadAsync`, without flush", to => context.DownloadAsync(large, to, plain)),
            ("down", "`scp`", to => ShellAsync($"scp -q {options} -P {port} {user}@{Host}:{large} {to}")),
            ("2,000 files of 2 kB up", "`tar | ssh tar`", to => ShellAsync($"mkdir -p {to}; tar -C {tree} -c . | {ssh} 'tar -C {to} -x'")),
            ("2,000 files of 2 kB up", "`UploadAsync`", to => context.UploadAsync(tree, to)),
            ("2,000 files of 2 kB up", "`scp -r`", to => ShellAsync($"scp -q -r {options} -P {port} {tree} {user}@{Host}:{to}")),
        ];
        if (hasRsync)
        {
            ways.Add(("up", "`rsync`", to => ShellAsync($"rsync -a -e 'ssh {options} -p {port}' {large} {user}@{Host}:{to}")));
            ways.Add(("2,000 files of 2 kB up", "`rsync -a`", to => ShellAsync($"rsync -a -e 'ssh {options} -p {port}' {tree}/ {user}@{Host}:{to}")));
        }

        double[][] times = [.. ways.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < ways.Count; i++)
            {
                string to = $"{folder}/copy";
                times[i][round] = await FarTransfers.TimeAsync(() => ways[i].Run(to));
                await ShellAsync($"rm -rf {to}; sync -f {folder}");
            }
        }

        Console.WriteLine("| what | way | median s | least s | MB/s | beside the first |\n| --- | --- | --- | --- | --- | --- |");
        foreach (var group in ways.Select((way, i) => (way.Group, way.Name, Times: times[i])).GroupBy(w => w.Group))
        {
            double first = FarTransfers.Median(group.First().Times);
            foreach ((_, string name, double[] measured) in group)
            {
                double median = FarTransfers.Median(measured);
                string rate = group.Key is "up" or "down" ? $"{Size / median / 1000:0}" : "";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {group.Key} | {name} | {median / 1000:0.00} | {measured.Min() / 1000:0.00} | {rate} | {first / median:0.00} |"));
            }
        }

        Console.WriteLine($"resident here: {Environment.WorkingSet >> 20} MiB");
    }

    private static async Task ShellAsync(string command)
    {
        using Process process = Process.Start("/bin/sh", ["-c", command]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}.");
        }
    }
}
