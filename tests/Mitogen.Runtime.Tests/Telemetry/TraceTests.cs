using System.Diagnostics;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Logging;
using Mitogen.TestContracts;
using Mitogen.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Mitogen.Runtime.Tests.Telemetry;

/// <summary>A trace goes over every hop, and the spans of all contexts come to the root's exporters.</summary>
public sealed class TraceTests : LeakCheckedTest
{
    private static readonly ActivitySource s_source = new("Mitogen.Runtime.Tests");

    private readonly List<Activity> _exported = [];
    private readonly RecordedLogs _logs = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_of_three_hops_are_one_trace(bool isolated)
    {
        SeenSpan[] seen = [];
        SeenSpan top = await TraceAsync(isolated, async child => seen = await child.Get<ITraced>().DescendAsync(2));

        // The first call goes to the child, which starts the next context, and so on.
        Assert.Equal(["child", "level2", "level1"], seen.Select(s => s.Context));
        Assert.All(seen, s => Assert.Equal((top.Trace, "value"), (s.Trace, s.Baggage)));
        string above = top.Span;
        string context = "root";
        foreach (SeenSpan one in seen)
        {
            Activity client = Assert.Single(_exported, a => a.Kind == ActivityKind.Client && $"{a.ParentSpanId}" == above);
            Activity server = Assert.Single(_exported, a => a.Kind == ActivityKind.Server && a.ParentSpanId == client.SpanId);
            Activity work = Assert.Single(_exported, a => a.OperationName == "work" && a.ParentSpanId == server.SpanId);
            Assert.Equal("Mitogen.TestContracts.ITraced/DescendAsync", client.DisplayName);
            Assert.Equal(client.DisplayName, server.DisplayName);
            Assert.Equal(("Mitogen", "Mitogen.TestServices"), (server.Source.Name, work.Source.Name));
            Assert.Equal(one.Span, $"{work.SpanId}");
            Assert.Equal($"{context}/{one.Context}", client.GetTagItem("server.address"));
            context = $"{context}/{one.Context}";
            Assert.Equal(context, server.GetTagItem("mitogen.context"));
            Assert.Equal(context, work.GetTagItem("mitogen.context"));
            Assert.Equal("half-way", Assert.Single(work.Events).Name);
            Assert.Equal("some", work.GetTagItem("text"));
            Assert.IsType<long>(work.GetTagItem("levels"));
            Assert.True(work.StartTimeUtc >= server.StartTimeUtc && work.Duration <= server.Duration);

            Recorded record = Assert.Single(_logs.All, r => r.Category == "Mitogen.TestServices.Traced" && r.Context == context);
            Assert.Equal(work.SpanId, record.Span);
            Assert.Equal(work.GetTagItem("levels"), record.Properties["Levels"]);
            Assert.Equal((0.5, DateTimeOffset.UnixEpoch), (record.Properties["Share"], record.Properties["Moment"]));
            Assert.Equal("{Levels} levels to go, {Share:P0} of it at {Moment}", record.Properties["{OriginalFormat}"]);
            Assert.Contains(record.Scopes, s => s is IEnumerable<KeyValuePair<string, object?>> values && values.Contains(new("Tenant", "blue")));
            above = one.Span;
        }

        // Each context has a span for the start of the next one.
        Assert.Equal(3, _exported.Count(a => a.DisplayName == "connect local"));
        Assert.All(_exported, a => Assert.Equal(top.Trace, $"{a.TraceId}"));
    }

    [Fact]
    public async Task A_failure_is_told_on_both_sides()
    {
        await TraceAsync(false, async child => await Assert.ThrowsAsync<InvalidOperationException>(() => child.Get<ITraced>().FailAsync("no")));

        foreach (ActivityKind kind in new[] { ActivityKind.Client, ActivityKind.Server })
        {
            Activity failed = Assert.Single(_exported, a => a.Kind == kind);
            Assert.Equal((ActivityStatusCode.Error, "no"), (failed.Status, failed.StatusDescription));
            Assert.Equal("System.InvalidOperationException", failed.GetTagItem("error.type"));
        }

        Assert.Equal("exception", Assert.Single(_exported.Single(a => a.Kind == ActivityKind.Server).Events).Name);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_is_sent_has_failed()
    {
        using TracerProvider tracer = Listen(new AlwaysOnSampler());
        await using InProcessRoot root = InProcessRoot.Create();
        CancellationToken cancelled = new(canceled: true);

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => root.Get<ITraced>().WaitAsync(cancelled));

        _ = tracer.ForceFlush();
        Assert.Equal("System.OperationCanceledException", Assert.Single(_exported).GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_listener_that_throws_fails_no_start()
    {
        using ActivityListener listener = Throwing();
        ActivitySource.AddActivityListener(listener);
        await using InProcessRoot root = InProcessRoot.Create(new MitogenOptions { LoggerFactory = _logs });

        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, TestContext.Current.CancellationToken);

        Assert.Null(child.DisconnectReason);
        await Eventually.UntilAsync(() => _logs.All.Any(r => r.Exception is InvalidOperationException { Message: "the listener's" }));
    }

    [Fact]
    public async Task A_callback_is_a_part_of_the_trace_and_brings_no_baggage()
    {
        SeenSpan? seen = null;
        SeenSpan top = await TraceAsync(false, async child => seen = await child.Get<ITraced>().CallBackAsync(new Seer()));

        Assert.Equal((top.Trace, null), (seen!.Trace, seen.Baggage));
        Activity server = Assert.Single(_exported, a => $"{a.SpanId}" == seen.Span);
        Activity client = Assert.Single(_exported, a => a.SpanId == server.ParentSpanId);
        Assert.Equal((ActivityKind.Server, ActivityKind.Client), (server.Kind, client.Kind));
        Assert.Equal(("root", "root/child"), (server.GetTagItem("mitogen.context"), client.GetTagItem("mitogen.context")));
    }

    [Fact]
    public async Task What_is_not_sampled_is_not_recorded_anywhere_and_its_baggage_arrives()
    {
        SeenSpan[] seen = [];
        SeenSpan top = await TraceAsync(false, async child => seen = await child.Get<ITraced>().DescendAsync(1), new AlwaysOffSampler());

        Assert.Empty(_exported);
        Assert.All(seen, s => Assert.Equal((top.Trace, "value"), (s.Trace, s.Baggage)));
    }

    [Fact]
    public async Task Nothing_goes_along_where_nobody_listens()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, TestContext.Current.CancellationToken);
        using Activity own = new Activity("own").AddBaggage("key", "value").Start();

        SeenSpan seen = Assert.Single(await child.Get<ITraced>().DescendAsync(0));

        Assert.Equal(("", "", null), (seen.Span, seen.Trace, seen.Baggage));
    }

    [Fact]
    public async Task Odd_spans_and_log_values_come_home_and_fail_no_call()
    {
        await TraceAsync(false, child => child.Get<ITraced>().BeOddAsync());

        Activity odd = Assert.Single(_exported, a => a.DisplayName == "odd");
        Assert.Equal("(Mitogen.TestServices.Unprintable has no text: System.NotSupportedException)", odd.GetTagItem("unprintable"));
        Assert.Empty(odd.Links);
        Assert.Equal("root/child", odd.GetTagItem("mitogen.context"));
        Assert.Single(_exported, a => a.Kind == ActivityKind.Server && a.SpanId == odd.ParentSpanId);
        Recorded record = Assert.Single(_logs.All, r => r.Category == "Mitogen.TestServices.Traced");
        Assert.Equal(("(tuple, 5)", "a scope of 3"), (record.Scopes[0], $"{record.Scopes[2]}"));
        Assert.Equal(
            [new("unprintable", "(Mitogen.TestServices.Unprintable has no text: System.NotSupportedException)")],
            Assert.IsAssignableFrom<IEnumerable<KeyValuePair<string, object?>>>(record.Scopes[1]));
        Assert.Contains("UnprintableException has no text", record.Exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_nobody_listens_to_leaves_no_hole_in_the_trace()
    {
        await TraceAsync(false, async child => await child.Get<ITraced>().CallUnheardAsync());

        Activity server = Assert.Single(_exported, a => a.DisplayName.EndsWith("/CallUnheardAsync", StringComparison.Ordinal) && a.Kind == ActivityKind.Server);
        Activity connect = Assert.Single(_exported, a => a.DisplayName == "connect local" && Equals(a.GetTagItem("server.address"), "root/child/unheard"));
        Assert.Equal(server.SpanId, connect.ParentSpanId);
        Assert.Equal("root/child", connect.GetTagItem("mitogen.context"));
        Assert.DoesNotContain(_exported, a => a.Source.Name == "Mitogen.TestServices.Unheard");
    }

    [Fact]
    public async Task A_listener_that_throws_is_told_and_holds_up_no_call()
    {
        using ActivityListener listener = Throwing();
        await using InProcessRoot root = InProcessRoot.Create(new MitogenOptions { LoggerFactory = _logs });
        await using IRemoteContext child = root.Through(new LocalConnection { Name = "child" });
        await child.Get<ITraced>().DescendAsync(0).InTimeAsync();
        ActivitySource.AddActivityListener(listener);

        _ = Assert.Single(await child.Get<ITraced>().DescendAsync(0).InTimeAsync());
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => child.Get<ITraced>().FailAsync("no").InTimeAsync());

        Assert.Contains(_logs.All, r => r.Exception is InvalidOperationException { Message: "the listener's" });
    }

    [Fact]
    public async Task Contexts_of_one_process_trace_too()
    {
        using TracerProvider tracer = Listen(new AlwaysOnSampler());
        await using InProcessRoot root = InProcessRoot.Create();
        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, TestContext.Current.CancellationToken);

        SeenSpan seen = Assert.Single(await child.Get<ITraced>().DescendAsync(0));

        _ = tracer.ForceFlush();
        Activity work = Assert.Single(_exported, a => $"{a.SpanId}" == seen.Span);
        Assert.Equal(ActivityKind.Server, work.Parent?.Kind);
        Assert.Single(_exported, a => a.Kind == ActivityKind.Client && a.SpanId == work.Parent!.ParentSpanId);
    }

    /// <summary>Works with a context in a span, with baggage, and ends the tree.</summary>
    /// <returns>The span.</returns>
    private async Task<SeenSpan> TraceAsync(bool isolated, Func<IRemoteContext, Task> work, Sampler? sampler = null)
    {
        SeenSpan top;
        using TracerProvider tracer = Listen(sampler ?? new ParentBasedSampler(new AlwaysOnSampler()));
        await using (MitogenRoot root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = _logs }))
        {
            using Activity? activity = s_source.StartActivity("top");
            _ = activity!.AddBaggage("key", "value");
            top = new SeenSpan("root", $"{activity.SpanId}", $"{activity.TraceId}", "value");
            await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child", Isolated = isolated });
            await work(child);
        }

        _ = tracer.ForceFlush();
        _ = _exported.RemoveAll(a => a.OperationName == "top");
        return top;
    }

    private static ActivityListener Throwing() => new()
    {
        ShouldListenTo = source => source.Name == MitogenTelemetry.SourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        ActivityStopped = _ => throw new InvalidOperationException("the listener's"),
    };

    private TracerProvider Listen(Sampler sampler) => Sdk.CreateTracerProviderBuilder()
        .SetSampler(sampler)
        .AddSource("Mitogen", "Mitogen.TestServices", "Mitogen.Runtime.Tests")
        .AddInMemoryExporter(_exported)
        .Build();

    private sealed class Seer : ITraceSeer
    {
        public Task<SeenSpan> SeeAsync() => Task.FromResult(new SeenSpan(
            "root", $"{Activity.Current?.SpanId}", $"{Activity.Current?.TraceId}", Activity.Current?.GetBaggageItem("key")));
    }
}
