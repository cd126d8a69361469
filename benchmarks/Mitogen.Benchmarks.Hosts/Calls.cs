using Mitogen;

namespace Benchmarks.Hosts;

/// <summary>What a context on another host costs when it is up.</summary>
internal static class Calls
{
    private const int Count = 500;

    public static async Task PrintAsync(MitogenRoot app, SshConnection ssh, Peer mitogen)
    {
        await using IRemoteContext context = await app.ConnectAsync(ssh);
        ITarget target = context.Get<ITarget>();
        List<double> ours = [];
        for (int i = 0; i < Count; i++)
        {
            ours.Add(await Timing.OfAsync(() => target.EchoAsync(i)));
        }

        Console.WriteLine($"\n- a call over ssh: {Timing.Median(ours) * 1000:0} us; Python's Mitogen {await mitogen.MeasureAsync("call") * 1000:0} us");
        Console.WriteLine($"- idle native context: {await target.ResidentAsync()} KiB resident");
    }
}
