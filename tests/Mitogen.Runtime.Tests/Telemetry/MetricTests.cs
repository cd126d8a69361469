using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Telemetry;

/// <summary>The meter counts calls, starts and contexts.</summary>
public sealed class MetricTests : LeakCheckedTest
{
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measured = new();

    [Fact]
    public async Task Calls_starts_and_contexts_are_measured()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        using MeterListener listener = Listen();
        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "measured" }, TestContext.Current.CancellationToken);
        _ = await child.Get<ITraced>().DescendAsync(0);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => child.Get<ITraced>().FailAsync("no"));
        _ = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(new ExecConnection("/nowhere/at-all"), TestContext.Current.CancellationToken));
        listener.RecordObservableInstruments();

        (_, double duration, Dictionary<string, object?> tags) = Assert.Single(Of("rpc.client.call.duration"), m => !m.Tags.ContainsKey("error.type"));
        Assert.True(duration > 0);
        Assert.Equal("mitogen", tags["rpc.system.name"]);
        Assert.Equal("Mitogen.TestContracts.ITraced/DescendAsync", tags["rpc.method"]);
        Assert.Equal("root/measured", tags["server.address"]);
        Assert.Equal("System.InvalidOperationException", Assert.Single(Of("rpc.client.call.duration"), m => m.Tags.ContainsKey("error.type")).Tags["error.type"]);
        Assert.Equal(["local", "exec"], Of("mitogen.context.start.duration").Select(m => m.Tags["mitogen.connection"]));
        Assert.Equal(1, Of("mitogen.contexts").Last().Value);
        await child.DisposeAsync();
        listener.RecordObservableInstruments();
        Assert.Equal(0, Of("mitogen.contexts").Last().Value);
    }

    private List<(string Instrument, double Value, Dictionary<string, object?> Tags)> Of(string instrument) =>
        [.. _measured.Where(m => m.Instrument == instrument)];

    private MeterListener Listen()
    {
        MeterListener listener = new() { InstrumentPublished = static (i, l) => EnableOwn(i, l) };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => _measured.Enqueue((i.Name, value, new(tags.ToArray()))));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => _measured.Enqueue((i.Name, value, new(tags.ToArray()))));
        listener.Start();
        return listener;
    }

    private static void EnableOwn(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "Mitogen")
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
