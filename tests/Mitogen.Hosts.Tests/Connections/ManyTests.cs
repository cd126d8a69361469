using System.Globalization;
using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>A hundred contexts at once, as of a fleet of which a part is always broken.</summary>
public sealed class ManyTests(SshFarm farm) : ConnectionTest, IClassFixture<SshFarm>
{
    private const string User = "mito-dash";
    private const int ContextsPerPlace = 5;

    // docs/architecture.md has the threads of all links, and the others of a process.
    private const int MostLinkThreads = 16;
    private const int OtherThreads = 8;

    private static readonly int s_mostStarts = new MitogenOptions().MaxConcurrentStarts;

    [Fact]
    public async Task A_hundred_contexts_on_twenty_servers_come_up_or_say_why_not()
    {
        farm.SkipUnlessThere();
        HostListing before = await HostListing.OfUsersAsync(User);
        string folder = Directory.CreateTempSubdirectory("test-many-").FullName;
        string seen = Path.Combine(folder, "seen");

        // Each ssh notes, as it starts, how many processes there are below this one, and then how many contexts of it are up.
        string ssh = Scripts.Write($$"""
            [ "$1" = -G ] && exec ssh "$@" # asks for the configuration, and starts nothing
            children=$(pgrep -c -r R,S,D -P $PPID)
            echo $children $(pgrep -c -u {{User}} -f "^mitogen:.*:$PPID *\$") >> {{seen}}
            exec ssh "$@"
            """);
        int servers = int.Parse(await HostCommand.OutputAsync("pgrep", "-c", "-r", "R,S,D", "-P", $"{Environment.ProcessId}"), CultureInfo.InvariantCulture);
        int threads = Threads();
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native))
        {
            (Task<IRemoteContext> Start, BootstrapReason? Problem)[] starts =
            [
                .. from _ in Enumerable.Range(0, ContextsPerPlace)
                   from place in farm.Places
                   select (root.ConnectAsync(Ssh(place.Port) with { SshPath = ssh }, Cancellation), place.Problem),
            ];
            foreach ((Task<IRemoteContext> start, BootstrapReason? problem) in starts.Where(start => start.Problem is not null))
            {
                Assert.Equal(problem, (await Assert.ThrowsAsync<BootstrapException>(() => start)).Reason);
            }

            IRemoteContext[] contexts = await Task.WhenAll(starts.Where(start => start.Problem is null).Select(start => start.Start));
            await Task.WhenAll(contexts.Select(context => AnswersAsync(context, User)));
            Assert.Equal((85, 100), (contexts.Length, starts.Length));
            Assert.InRange(Threads() - threads, int.MinValue, MostLinkThreads + OtherThreads);
        }

        int[] underWay = [.. File.ReadLines(seen).Select(line => line.Split(' ')).Select(
            counts => int.Parse(counts[0], CultureInfo.InvariantCulture) - servers - int.Parse(counts[1], CultureInfo.InvariantCulture))];
        Assert.Equal(100, underWay.Length);
        Assert.InRange(underWay.Max(), 2, s_mostStarts);
        Directory.Delete(folder, recursive: true);
        await before.AssertUnchangedAsync();
    }

    /// <summary>Without those of the pool, whose number is its own affair.</summary>
    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length - ThreadPool.ThreadCount;

    private SshConnection Ssh(int port) => new(SshServer.Host)
    {
        Port = port,
        User = User,
        IdentityFile = farm.FileAt("id"),
        KnownHostsFile = farm.KnownHostsFile,
        ConfigFile = "none",
    };
}
