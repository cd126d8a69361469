using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mitogen.TestContracts;

namespace Mitogen.TestServices;

[RemoteService]
internal sealed class Traced(IRemoteContext self, ILogger<Traced> log) : ITraced
{
    private static readonly ActivitySource s_source = new("Mitogen.TestServices", "1.2");

    public async Task<SeenSpan[]> DescendAsync(int levels)
    {
        using Activity? activity = s_source.StartActivity("work");
        _ = activity?.SetTag("levels", levels).SetTag("text", "some").AddEvent(new ActivityEvent("half-way"));
        using (log.BeginScope(new Dictionary<string, object> { ["Tenant"] = "blue" }))
        {
            log.LogInformation("{Levels} levels to go, {Share:P0} of it at {Moment}", levels, 0.5, DateTimeOffset.UnixEpoch);
        }

        SeenSpan seen = See(self.Name);
        if (levels == 0)
        {
            return [seen];
        }

        await using IRemoteContext child = await self.ConnectAsync(new LocalConnection { Name = $"level{levels}" });
        return [seen, .. await child.Get<ITraced>().DescendAsync(levels - 1)];
    }

    public async Task<SeenSpan> CallBackAsync(ITraceSeer seer) => await seer.SeeAsync();

    public Task FailAsync(string message) => throw new InvalidOperationException(message);

    internal static SeenSpan See(string context) => new(
        context,
        Activity.Current?.SpanId.ToHexString() ?? "",
        Activity.Current?.TraceId.ToHexString() ?? "",
        Activity.Current?.GetBaggageItem("key"));
}
