namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>A container of LXC that has only busybox and sleeps until the end. Without a daemon and without a network.</summary>
public sealed class LxcHost : IAsyncLifetime
{
    public const string Container = "busybox";

    private string? _folder;
    private bool _isRunning;

    /// <summary>The folder of the containers, for the arguments <c>-P</c>.</summary>
    public string Path => _folder ?? throw new InvalidOperationException("The container was not started.");

    public static void SkipUnlessThere() => TestHost.Needs("lxc-start", "lxc-attach", "lxc-stop", "busybox");

    /// <summary>The command that runs another one in the container.</summary>
    public string[] Command(params string[] command) => ["lxc-attach", "-P", Path, "-n", Container, "--", .. command];

    public async ValueTask InitializeAsync()
    {
        if (TestHost.WhyNot("lxc-start", "lxc-attach", "lxc-stop", "busybox") is not null)
        {
            return; // each test says so
        }

        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            _ = await Tool.RunAsync("lxc-stop", "-P", Path, "-n", Container, "--kill");
            _isRunning = false;
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }

    private async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("test-lxc-").FullName;
        string container = System.IO.Path.Combine(_folder, Container);
        await BusyboxRoot.MakeAsync(System.IO.Path.Combine(container, "rootfs"));
        File.WriteAllText(System.IO.Path.Combine(container, "config"), $"""
            lxc.uts.name = {Container}
            lxc.rootfs.path = dir:{container}/rootfs
            lxc.net.0.type = empty
            lxc.apparmor.profile = unconfined
            lxc.mount.auto = proc:mixed sys:ro
            """ + "\n");
        string log = System.IO.Path.Combine(_folder, "log");
        ToolResult started = await Tool.RunAsync(
            ["lxc-start", "-P", _folder, "-n", Container, "-o", log, "-l", "INFO", "--", .. BusyboxRoot.FirstProcess]);
        Assert.True(started.Code == 0, $"lxc-start: {started}\n{(File.Exists(log) ? File.ReadAllText(log) : "")}");
        _isRunning = true;
    }
}
