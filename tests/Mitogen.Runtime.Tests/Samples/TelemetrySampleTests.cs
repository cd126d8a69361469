using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.Runtime.Tests.Samples;

/// <summary>The sample sends what happens in its contexts to a collector.</summary>
public sealed class TelemetrySampleTests : LeakCheckedTest
{
    [Fact]
    public async Task All_three_signals_arrive_at_a_collector()
    {
        string address = $"http://127.0.0.1:{FreePort()}/";
        ConcurrentDictionary<string, string> received = new();
        using HttpListener collector = new() { Prefixes = { address } };
        collector.Start();
        Task collecting = CollectAsync(collector, received);

        int? status = await RunSampleAsync(address);
        collector.Stop();
        await collecting.InTimeAsync();

        Assert.Equal(0, status);
        Assert.Contains("unpack", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("TelemetrySample.IInstaller/InstallAsync", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("root/web1/container", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("mitogen.context.start.duration", received["/v1/metrics"], StringComparison.Ordinal);
    }

    private static async Task<int?> RunSampleAsync(string address)
    {
        ChildProcess process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Children.DotNetPath,
            Arguments = ["dotnet", Path.Combine(Repository.OutputOf("samples/Telemetry"), "Telemetry.dll")],
            Environment = new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            WorkingDirectory = "/",
            Streams = ChildStreams.Pipes,
        });
        try
        {
            _ = await Task.Run(() => Children.ReadToEnd(process.Transport), Cancellation).InTimeAsync();
            return (await process.Exited.InTimeAsync()).Code;
        }
        finally
        {
            await process.EndAsync(TimeSpan.Zero);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task CollectAsync(HttpListener collector, ConcurrentDictionary<string, string> received)
    {
        while (true)
        {
            HttpListenerContext request;
            try
            {
                request = await collector.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // it was stopped
            }

            using MemoryStream body = new();
            await request.Request.InputStream.CopyToAsync(body, Cancellation);
            _ = received.AddOrUpdate(
                request.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
            request.Response.ContentType = "application/x-protobuf";
            request.Response.Close();
        }
    }
}
