using System.Globalization;
using Benchmarks.Links;
using Benchmarks.Toolkit;
using Mitogen;

// "far" measures a link of 26 ms; "ssh ROUNDS PORT KEY FOLDER" an sshd beside the plain tools. benchmarks/transfers runs both.
// In the place of a dotnet it is a link that takes its time.
if (DelayingLink.IsWanted)
{
    return DelayingLink.Run(args);
}

await using MitogenRoot root = MitogenRoot.Create();
switch (args)
{
    case ["far"]:
        await FarTransfers.PrintAsync(root);
        return 0;
    case ["ssh", var rounds, var port, var key, var folder]:
        await SshTransfers.PrintAsync(root, int.Parse(rounds, CultureInfo.InvariantCulture), port, key, folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: Mitogen.Benchmarks.Toolkit far | ssh ROUNDS PORT KEY FOLDER");
        return 2;
}
