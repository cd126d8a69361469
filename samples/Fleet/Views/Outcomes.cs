namespace Fleet.Views;

/// <summary>What came of the targets so far.</summary>
internal sealed class Outcomes(IReadOnlyList<Target> targets)
{
    private readonly List<(Target Target, Failed Failed)> _failed = [];

    public int Done { get; private set; }

    public IReadOnlyList<(Target Target, Failed Failed)> Failed => _failed;

    public void Add(Update update)
    {
        if (update.State is Done)
        {
            Done++;
        }
        else if (update.State is Failed failed)
        {
            _failed.Add((targets[update.Index], failed));
        }
    }

    /// <summary>The end of what people see: why targets failed, and how many.</summary>
    public void Print()
    {
        foreach ((Target target, Failed failed) in _failed)
        {
            Console.WriteLine();
            Console.WriteLine(Texts.Printable($"{target.Text} failed at {failed.Hop.Text} (started by {failed.StartedBy}): {failed.Reason}"));
            Console.WriteLine(Texts.Printable($"  {failed.Message}"));
            if (failed.Reason == nameof(Mitogen.BootstrapReason.PasswordRequired))
            {
                Console.WriteLine("  Fleet takes one for ssh and sudo from --ask-password or --password-file.");
            }

            foreach (string line in failed.LastLines)
            {
                Console.WriteLine(Texts.Printable($"  | {line}"));
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{Done} done, {_failed.Count} failed");
    }
}
