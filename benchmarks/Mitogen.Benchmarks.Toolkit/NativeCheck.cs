using Mitogen;
using Mitogen.Toolkit;

namespace Benchmarks.Toolkit;

/// <summary>Files and transfers of a context that is a native executable: what was seen of it, for people.</summary>
internal static class NativeCheck
{
    public static async Task PrintAsync(IRemoteContext app)
    {
        await using IRemoteContext context = await app.ConnectAsync(new LocalConnection { Executable = ExecutableKind.Native });
        IFiles files = context.Get<IFiles>();
        string folder = await files.CreateTemporaryFolderAsync();
        await files.WriteTextAsync(folder + "/tree/a", "content", new FileWriteOptions { CreateFolders = true });
        await files.CreateLinkAsync(folder + "/tree/link", "a");
        TransferResult copied = await context.CopyToAsync(folder + "/tree", context, folder + "/copy", new TransferOptions { Compress = true });
        Console.WriteLine($"{context.Info.Runtime}: copied {copied.Files} files and {copied.Links} links");
        Console.WriteLine(Convert.ToHexStringLower(await files.HashAsync(folder + "/copy/a")));
        await foreach (WalkEntry entry in files.WalkAsync(folder))
        {
            Console.WriteLine($"{entry.Path} {entry.Stat!.Kind} {entry.Stat.User} {entry.Stat.Modified}");
        }

        await foreach (string path in files.GlobAsync(folder, ["**/a"]))
        {
            Console.WriteLine(path);
        }
    }
}
