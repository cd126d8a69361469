namespace Mitogen.HostileChild.Attacks;

/// <summary>Asked to start a context, it names one that it did not start.</summary>
internal static class Redirections
{
    private static int s_asked;

    public static IReadOnlyList<Attack> All { get; } = [new("redirect", _ => null, Start)];

    private static bool Start(Attacker a, Incoming call)
    {
        if (call.Call.Contract != Wire.ContextHost || call.Call.Method != Wire.StartContext)
        {
            return false;
        }

        // The last one is leased to this context, is another's child by what was said of it, and is below none that was asked for it.
        uint[] wrong = [Wire.Root, a.Parent, .. a.Others, a.Self, 4_000_000, 0];
        int at = s_asked++;
        new Thread(() =>
        {
            uint id = at < wrong.Length ? wrong[at] : a.Lease()!.Value.First;
            byte[] started = new Packer().Object(3).Int((int)id).Text("db").Raw(new Packer().Info("db", "postgres", "Linux").ToArray()).ToArray();
            a.Link.Reply(call, WireAnswer.Result, started);
        }).Start();
        return true;
    }
}
