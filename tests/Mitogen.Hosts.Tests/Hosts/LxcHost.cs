namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>A container of LXC that has only busybox and sleeps until the end. Without a daemon and without a network.</summary>
public sealed class LxcHost : HostFixture
{
    public const string Container = "busybox";

    private bool _isRunning;

    /// <summary>The folder of the containers, for the arguments <c>-P</c>.</summary>
    public string Path => Folder;

    protected override string? WhyNot => TestHost.WhyNot("lxc-start", "lxc-attach", "lxc-stop", "busybox");

    /// <summary>The command that runs another one in the container.</summary>
    public string[] Command(params string[] command) => ["lxc-attach", "-P", Path, "-n", Container, "--", .. command];

    protected override async Task StartAsync()
    {
        string container = System.IO.Path.Combine(Path, Container);
        await BusyboxRoot.MakeAsync(System.IO.Path.Combine(container, "rootfs"));
        File.WriteAllText(System.IO.Path.Combine(container, "config"), $"""
            lxc.uts.name = {Container}
            lxc.rootfs.path = dir:{container}/rootfs
            lxc.net.0.type = empty
            lxc.apparmor.profile = unconfined
            lxc.mount.auto = proc:mixed sys:ro
            """ + "\n");
        string log = System.IO.Path.Combine(Path, "log");
        ToolResult started = await HostCommand.RunAsync(
            ["lxc-start", "-P", Path, "-n", Container, "-o", log, "-l", "INFO", "--", .. BusyboxRoot.FirstProcess]);
        Assert.True(started.Code == 0, $"lxc-start: {started}\n{(File.Exists(log) ? File.ReadAllText(log) : "")}");
        _isRunning = true;
    }

    protected override async Task EndAsync()
    {
        if (_isRunning)
        {
            _ = await HostCommand.RunAsync("lxc-stop", "-P", Path, "-n", Container, "--kill");
        }
    }
}
