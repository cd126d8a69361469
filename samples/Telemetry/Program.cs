using System.Diagnostics;
using Mitogen;
using TelemetrySample;

int status = await MitogenApp.RunAsync(
    args,
    async app =>
    {
        Exporters.Start();
        using Activity? activity = Installer.Source.StartActivity("roll out");
        _ = activity?.AddBaggage("release", "2.0");
        await using IRemoteContext web = await app.ConnectAsync(new LocalConnection { Name = "web1" });
        await using IRemoteContext container = await web.ConnectAsync(new LocalConnection { Name = "container" });
        await container.Get<IInstaller>().InstallAsync("shop", TimeSpan.FromSeconds(2.5));
    },
    new MitogenOptions { LoggerFactory = Exporters.Loggers });

// After the end of the tree: until then spans of its contexts may come.
Exporters.Stop();
return status;
