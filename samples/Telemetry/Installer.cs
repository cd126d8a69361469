using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mitogen;

namespace TelemetrySample;

[Remote]
internal interface IInstaller
{
    Task InstallAsync(string package, TimeSpan patience, CancellationToken cancellationToken = default);
}

/// <summary>Ordinary code: its spans, log values and scopes are those of any .NET service.</summary>
[RemoteService]
internal sealed class Installer(ILogger<Installer> log) : IInstaller
{
    public const string SourceName = "TelemetrySample";

    public static readonly ActivitySource Source = new(SourceName);

    public Task InstallAsync(string package, TimeSpan patience, CancellationToken cancellationToken)
    {
        using Activity? activity = Source.StartActivity("unpack");
        _ = activity?.SetTag("package", package);
        using (log.BeginScope(new Dictionary<string, object> { ["Package"] = package }))
        {
            log.LogInformation(
                "{Release} is installed within {Patience}", Activity.Current?.GetBaggageItem("release") ?? "An unknown release", patience);
        }

        return Task.CompletedTask;
    }
}
