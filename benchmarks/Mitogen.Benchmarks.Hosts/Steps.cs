using Mitogen;

namespace Benchmarks.Hosts;

/// <summary>A list of steps, each a process on the host, one after another, from nothing: with the connection that it needs.</summary>
internal static class Steps
{
    private const int Count = 100;

    /// <param name="app">Starts the context.</param>
    /// <param name="ssh">The host.</param>
    /// <param name="ansible">A script that runs as many steps by Ansible; with <c>mitogen</c> as its argument, by Ansible with Python's Mitogen.</param>
    public static async Task PrintAsync(MitogenRoot app, SshConnection ssh, string? ansible)
    {
        double ours = await Timing.OfAsync<int>(async () =>
        {
            await using IRemoteContext context = await app.ConnectAsync(ssh);
            ITarget target = context.Get<ITarget>();
            for (int i = 0; i < Count; i++)
            {
                if (await target.RunAsync("/bin/true", []) != 0)
                {
                    throw new InvalidOperationException("A step failed.");
                }
            }

            return Count;
        });
        Console.WriteLine($"- {Count} steps, each a process, and the connection for them: {ours:0} ms");
        if (ansible is null)
        {
            return;
        }

        double mitogen = await Timing.OfProcessAsync(ansible, "mitogen");
        double plain = await Timing.OfProcessAsync(ansible);
        Console.WriteLine($"- the same by Ansible with Python's Mitogen: {mitogen:0} ms ({mitogen / ours:0.0} x); by Ansible: {plain:0} ms ({plain / ours:0} x)");
    }
}
