using System.Globalization;
using Benchmarks.Links;
using Benchmarks.Toolkit;
using Mitogen;

// "far" measures a link of 26 ms; "ssh ROUNDS PORT KEY FOLDER" an sshd beside the plain tools, and
// "native" shows what a native context does. benchmarks/transfers runs both.
if (DelayingLink.IsWanted)
{
    return DelayingLink.Run(args);
}

return await MitogenApp.RunAsync(args, async app =>
{
    switch (args)
    {
        case ["far"]:
            await FarTransfers.PrintAsync(app);
            return 0;
        case ["ssh", var rounds, var port, var key, var folder]:
            await SshTransfers.PrintAsync(app, int.Parse(rounds, CultureInfo.InvariantCulture), port, key, folder);
            return 0;
        case ["native"]:
            await NativeCheck.PrintAsync(app);
            return 0;
        default:
            Console.Error.WriteLine("usage: Mitogen.Benchmarks.Toolkit far | native | ssh ROUNDS PORT KEY FOLDER");
            return 2;
    }
});
