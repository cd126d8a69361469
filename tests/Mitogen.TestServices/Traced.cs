using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mitogen.TestContracts;

namespace Mitogen.TestServices;

[RemoteService]
internal sealed class Traced(IRemoteContext self, ILogger<Traced> log) : ITraced
{
    private static readonly ActivitySource s_source = new("Mitogen.TestServices", "1.2");

    private static readonly ActivitySource s_unheard = new("Mitogen.TestServices.Unheard");

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

    public Task BeOddAsync()
    {
        using Activity? activity = s_source.StartActivity(ActivityKind.Internal, links: [new ActivityLink(default)], name: "odd");
        _ = activity?.SetTag("unprintable", new Unprintable()).SetTag("", 1).SetTag("none", null).AddEvent(new ActivityEvent(""));
        using (log.BeginScope(("tuple", 5)))
        using (log.BeginScope(new Dictionary<string, object> { ["unprintable"] = new Unprintable() }))
        using (log.BeginScope("a scope of {Size}", 3))
        {
            log.LogError(new UnprintableException(), "odd");
        }

        return Task.CompletedTask;
    }

    public async Task CallUnheardAsync()
    {
        using Activity? activity = s_unheard.StartActivity("unheard");
        await using IRemoteContext child = await self.ConnectAsync(new LocalConnection { Name = "unheard" });
    }

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task FailAsync(string message) => throw new InvalidOperationException(message);

    internal static SeenSpan See(string context) => new(
        context,
        Activity.Current?.SpanId.ToHexString() ?? "",
        Activity.Current?.TraceId.ToHexString() ?? "",
        Activity.Current?.GetBaggageItem("key"));
}

/// <summary>Throws where it is printed.</summary>
internal sealed class Unprintable
{
    public override string ToString() => throw new NotSupportedException();
}

/// <summary>Throws where it is printed.</summary>
internal sealed class UnprintableException : Exception
{
    public override string Message => throw new NotSupportedException();

    public override string ToString() => throw new NotSupportedException();
}
