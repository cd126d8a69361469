using System.Globalization;
using Mitogen;
using Quickstart;

// All of it is in the body: what stands before RunAsync runs in every context of a native program too.
return await MitogenApp.RunAsync(args, async app =>
{
    string path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
    int depth = 2;
    for (int i = 0; i < args.Length; i++)
    {
        if (args[i] != "--depth")
        {
            path = Path.GetFullPath(args[i]);
        }
        else if (++i == args.Length || !int.TryParse(args[i], CultureInfo.InvariantCulture, out depth) || depth is < 1 or > 50)
        {
            Console.Error.WriteLine("usage: Quickstart [PATH] [--depth N]   (N: 1 to 50)");
            return 2;
        }
    }

    // A chain of contexts, each started by the one before it; disposing the first ends them all.
    IRemoteContext last = app;
    for (int i = 1; i <= depth; i++)
    {
        last = await last.ConnectAsync(new LocalConnection { Name = $"hop{i}" });
        Console.WriteLine($"context {last.Name} pid {last.Info.ProcessId}");
    }

    try
    {
        // Runs in the last one.
        WalkResult result = await last.Get<IFileWalker>().WalkAsync(path, largest: 10);
        foreach (FoundFile file in result.Largest)
        {
            Console.WriteLine($"{file.Size,15:N0}  {file.Path}");
        }

        foreach (string folder in result.Unreadable)
        {
            Console.Error.WriteLine($"cannot read {folder}");
        }

        Console.WriteLine($"{result.Files:N0} files, {result.Bytes:N0} bytes below {path}");
        return 0;
    }
    catch (DirectoryNotFoundException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
