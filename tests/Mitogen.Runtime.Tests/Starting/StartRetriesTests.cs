using System.Text.RegularExpressions;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Starting;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A server that drops connections before it says who it is, by a stand-in for ssh with OpenSSH's own words.</summary>
public sealed class StartRetriesTests : LeakCheckedTest
{
    private const string Dropped = "kex_exchange_identification: read: Connection reset by peer\\nConnection reset by 127.0.0.1 port 22\\n";

    [Fact]
    public void Each_pause_is_longer_and_the_last_one_ends_before_the_time_does()
    {
        List<TimeSpan> pauses = Pauses(7);
        Assert.InRange(pauses.Count, 8, 20);
        Assert.InRange(pauses.Sum(pause => pause.TotalSeconds), 20, 30);
        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.FromMilliseconds(125), TimeSpan.FromSeconds(4)));
        Assert.True(pauses[3] > pauses[0]);
        Assert.Equal(pauses, Pauses(7));
        Assert.NotEqual(pauses, Pauses(8));
    }

    [Fact]
    public async Task A_start_that_is_dropped_is_tried_again()
    {
        string tries = Scripts.NewPath();
        string ssh = Ssh($"echo try >> {tries}; [ $(wc -l < {tries}) -lt 4 ] && {{ printf '{Dropped}' >&2; exit 255; }}");
        RecordingLoggers loggers = new();
        await using (var root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = loggers }))
        {
            IRemoteContext context = await root.ConnectAsync(new SshConnection("web1") { SshPath = ssh, ConfigFile = "none" }, Cancellation);
            Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
        }

        Assert.Equal(4, (await File.ReadAllLinesAsync(tries, Cancellation)).Length);
        Assert.DoesNotContain(loggers.Records, record => record.Message.Contains("Connection reset by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_always_dropped_fails_and_names_the_setting()
    {
        string ssh = Ssh($"printf '{Dropped}' >&2; exit 255");
        await using var root = MitogenRoot.Create();
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromSeconds(3)))
        {
            BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
                new SshConnection("web1") { SshPath = ssh, ConfigFile = "none", ConnectTimeout = time }, Cancellation));
            if (failure.Reason == BootstrapReason.TimedOut || !Regex.IsMatch(failure.Detail, @"It was tried \d+ times\.$"))
            {
                continue;
            }

            Assert.Equal(BootstrapReason.Busy, failure.Reason);
            Assert.Contains("MaxStartups", failure.Detail, StringComparison.Ordinal);
            Assert.Contains(failure.LastLines, line => line.StartsWith("kex_exchange_identification", StringComparison.Ordinal));
            break;
        }
    }

    [Theory]
    [InlineData("stdio forwarding failed\\nkex_exchange_identification: Connection closed by remote host\\nConnection closed by UNKNOWN port 65535\\n", BootstrapReason.Refused)]
    [InlineData("jump refuses you\\nkex_exchange_identification: Connection closed by remote host\\nConnection closed by UNKNOWN port 65535\\n", BootstrapReason.ExitedEarly)]
    [InlineData("Connection closed by 127.0.0.1 port 22\\n", BootstrapReason.ExitedEarly)]
    public async Task What_failed_otherwise_is_not_tried_again(string words, BootstrapReason reason)
    {
        string tries = Scripts.NewPath();
        string ssh = Ssh($"echo try >> {tries}; printf '{words}' >&2; exit 255");
        await using var root = MitogenRoot.Create();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(
            () => root.ConnectAsync(new SshConnection("web1") { SshPath = ssh, ConfigFile = "none" }, Cancellation));
        Assert.Equal(reason, failure.Reason);
        Assert.Single(await File.ReadAllLinesAsync(tries, Cancellation));
    }

    // What is asked about versions and configuration starts nothing.
    private static string Ssh(string script) => Scripts.Write($"""
        case "$1" in -V) echo OpenSSH_9.2p1 >&2; exit 0;; -G) exit 1;; esac
        {script}
        while [ "$1" != -- ]; do shift; done
        exec sh -c "$3"
        """);

    private static List<TimeSpan> Pauses(int seed)
    {
        ManualTime time = new();
        using StartWatch watch = new(new SshConnection("web1"), new SendingTurns(4, time), time);
        StartRetries retries = new(watch, new Random(seed));
        List<TimeSpan> pauses = [];
        while (retries.Next() is { } pause)
        {
            pauses.Add(pause);
            time.Advance(pause);
        }

        return pauses;
    }
}
