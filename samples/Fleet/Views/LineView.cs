namespace Fleet.Views;

/// <summary>Plain lines, for pipes and logs: one for each target as it is finished.</summary>
internal sealed class LineView : IView
{
    public async Task<Outcomes> ShowAsync(IReadOnlyList<Target> targets, IAsyncEnumerable<Update> updates)
    {
        Outcomes outcomes = new(targets);
        await foreach (Update update in updates)
        {
            outcomes.Add(update);
            if (update.State is Done { Facts: var facts })
            {
                Console.WriteLine(Texts.Printable(
                    $"{targets[update.Index].Text}: {facts.User}@{facts.Host}, {facts.System} {facts.Architecture}, kernel {facts.Kernel}, " +
                    $"up {Texts.Time(facts.UptimeSeconds)}, load {facts.Load:0.00}, " +
                    $"memory {Texts.Size(facts.MemoryAvailable)} of {Texts.Size(facts.MemoryTotal)} free, " +
                    $"disk {Texts.Size(facts.DiskFree)} of {Texts.Size(facts.DiskTotal)} free, {facts.Processes} processes"));
            }
            else if (update.State is Failed failed)
            {
                Console.WriteLine(Texts.Printable($"{targets[update.Index].Text}: failed at {failed.Hop.Text}: {failed.Reason}"));
            }
        }

        outcomes.Print();
        return outcomes;
    }
}
