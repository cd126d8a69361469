using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Toolkit.Systemd;
using Tmds.DBus.Protocol;

namespace Mitogen.Toolkit.Tests.Machine;

/// <summary>systemd's calls, on a real bus with a stand-in behind it.</summary>
public sealed class SystemdTests : LeakCheckedTest
{
    private const string Variable = "DBUS_SYSTEM_BUS_ADDRESS";

    private readonly MitogenRoot _root = MitogenRoot.Create();

    public override async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Units_are_listed_and_started_and_fail_with_the_reason()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dbus-daemon"), "needs dbus-daemon");
        string folder = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        _ = Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            $"{folder}/bus.conf",
            $"""
            <busconfig>
              <type>custom</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
              <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
            </busconfig>
            """,
            Cancellation);
        await using (RemoteProcess daemon = await _root.Get<IProcesses>().StartAsync(
            new ProcessCommand("dbus-daemon", $"--config-file={folder}/bus.conf", "--nofork", "--nopidfile", "--print-address"), Cancellation))
        {
            await using IAsyncEnumerator<OutputLine> lines = daemon.Lines(Cancellation).GetAsyncEnumerator(Cancellation);
            do
            {
                Assert.True(await lines.MoveNextAsync());
            }
            while (lines.Current.Kind == OutputKind.Error);

            using DBusConnection connection = new(lines.Current.Text);
            await connection.ConnectAsync();
            StandInSystemd standIn = new(connection);
            connection.AddMethodHandler(standIn);
            await connection.RequestNameAsync("org.freedesktop.systemd1");
            Environment.SetEnvironmentVariable(Variable, lines.Current.Text);
            await UseAsync(await _root.ConnectAsync(new LocalConnection { Name = "web" }, Cancellation), standIn);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_a_bus_the_error_names_it()
    {
        Environment.SetEnvironmentVariable(Variable, "unix:path=/run/no-such-bus");

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _root.Get<ISystemd>().ListAsync(cancellationToken: Cancellation));

        Assert.Contains("unix:path=/run/no-such-bus", error.Message, StringComparison.Ordinal);
    }

    private static async Task UseAsync(IRemoteContext host, StandInSystemd standIn)
    {
        ISystemd systemd = host.Get<ISystemd>();
        IReadOnlyList<UnitFacts> units = await systemd.ListAsync(cancellationToken: Cancellation);
        Assert.Equal(["bad.service", "good.service", "locked.service"], units.Select(unit => unit.Name));
        Assert.Equal(new UnitFacts("good.service", "The unit good.service", "loaded", "inactive", "dead", ""), units[1]);
        Assert.Null(await systemd.FindAsync("missing.service", Cancellation));

        await systemd.StartAsync("good.service", Cancellation);
        Assert.True((await systemd.FindAsync("good.service", Cancellation))?.IsActive);
        await systemd.StopAsync("good.service", Cancellation);
        await systemd.EnableAsync("good.service", Cancellation);
        Assert.Equal(
            ["Subscribe", "StartUnit good.service", "Subscribe", "StopUnit good.service", "EnableUnitFiles good.service", "Reload"], standIn.Calls);

        IOException failed = await Assert.ThrowsAsync<IOException>(() => systemd.RestartAsync("bad.service", Cancellation));
        Assert.Contains($"systemd on {host} ended RestartUnit of 'bad.service' with 'failed'", failed.Message, StringComparison.Ordinal);
        IOException missing = await Assert.ThrowsAsync<IOException>(() => systemd.StartAsync("missing.service", Cancellation));
        Assert.Contains("Unit missing.service not found.", missing.Message, StringComparison.Ordinal);
        UnauthorizedAccessException denied = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => systemd.StopAsync("locked.service", Cancellation));
        Assert.Contains("sudo", denied.Message, StringComparison.Ordinal);
        ArgumentException wrong = await Assert.ThrowsAsync<ArgumentException>(() => systemd.StartAsync("good", Cancellation));
        Assert.Contains("'good.service'", wrong.Message, StringComparison.Ordinal);
    }
}
