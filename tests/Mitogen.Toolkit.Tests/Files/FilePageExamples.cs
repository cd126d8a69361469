using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Files;

#pragma warning disable IDE0011, IDE0055, CA2016, MITO046 // as the pages have it

/// <summary>The examples of <c>docs/files.md</c> and <c>docs/transfers.md</c>.</summary>
internal static class FilePageExamples
{
    public static async Task FirstAsync(IRemoteContext host)
    {
        IFiles files = host.Get<IFiles>();
        string hosts = await files.ReadTextAsync("/etc/hosts");
        await files.WriteTextAsync("/etc/motd", "Welcome\n", new FileWriteOptions { Mode = UnixFileMode.UserRead });
        Console.WriteLine(hosts);
    }

    public static async Task SearchAsync(IFiles files)
    {
        await foreach (WalkEntry entry in files.WalkAsync("/srv", new WalkOptions { MaxDepth = 3 }))
            Console.WriteLine(entry.Problem ?? $"{entry.Path} {entry.Stat!.Size}");

        await foreach (string path in files.GlobAsync("/etc", ["**/*.conf"], new GlobOptions { Exclude = ["ssl/"] }))
            Console.WriteLine(path);
    }

    public static async Task FollowAsync(IFiles files)
    {
        await foreach (string line in files.FollowAsync("/var/log/syslog", new FollowOptions { Lines = 10 }))
            Console.WriteLine(line);
    }

    public static async Task TemporaryAsync(IRemoteContext host, IFiles files)
    {
        string folder = await files.CreateTemporaryFolderAsync();
        await host.UploadAsync("package", folder + "/package");
    }

    public static void Fake(InProcessRoot app)
    {
        FakeFiles files = new FakeFiles().Add("/etc/hosts", "127.0.0.1 localhost\n");
        app.OnConnect<SshConnection>(c => new FakeContext().Add<IFiles>(files));
    }

    public static async Task TransferAsync(IRemoteContext web1, IRemoteContext web2)
    {
        await web1.UploadAsync("site", "/srv/www");
        await web1.DownloadAsync("/var/log", "logs/web1");
        await web1.CopyToAsync("/srv/www", web2, "/srv/www");
    }

    public static async Task ProgressAsync(IRemoteContext web1)
    {
        Progress<TransferProgress> progress = new(p => Console.Write($"\r{p.Files}/{p.TotalFiles} files, {p.Bytes >> 20} MiB"));
        await web1.UploadAsync("site", "/srv/www", progress: progress);
    }

    public static async Task SyncAsync(IRemoteContext web1)
    {
        TransferResult plan = await web1.SyncAsync("site", "/srv/www", new SyncOptions { Delete = true, DryRun = true });
        foreach (TransferChange change in plan.Changes) Console.WriteLine($"{change.Kind} {change.Path}");
        await web1.SyncAsync("site", "/srv/www", new SyncOptions { Delete = true });
    }
}
