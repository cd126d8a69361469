using System.Diagnostics;
using System.Net.Sockets;
using Benchmarks.Measuring;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Benchmarks.Peers;

/// <summary>gRPC over a Unix socket, which is the nearest it comes to a child's standard input and output.</summary>
internal sealed class GrpcSubject : ISubject
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly GrpcChannel _channel;
    private readonly Bench.BenchClient _client;

    private GrpcSubject(Process process, DirectoryInfo folder, string socket)
    {
        _process = process;
        _folder = folder;
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await client.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(client, ownsSocket: true);
                },
            },
        });
        _client = new Bench.BenchClient(_channel);
    }

    public int ServerProcessId => _process.Id;

    public bool TakesLoad => true;

    public static async Task<GrpcSubject> StartAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bench");
        string socket = Path.Combine(folder.FullName, "grpc");
        Process process = ChildPrograms.StartSelf("serve", "grpc", socket);
        _ = await process.StandardOutput.ReadLineAsync();
        return new GrpcSubject(process, folder, socket);
    }

    public async ValueTask<int> AddAsync(int left, int right) => (await _client.AddAsync(new AddRequest { Left = left, Right = right })).Sum;

    public async ValueTask<byte[]> EchoAsync(byte[] data)
    {
        // As cheap as it can be asked: one copy, to give an array as the others do.
        Blob answer = await _client.EchoAsync(new Blob { Data = UnsafeByteOperations.UnsafeWrap(data) });
        return answer.Data.ToByteArray();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await ChildPrograms.EndAsync(_process);
        _folder.Delete(recursive: true);
    }

    /// <summary>The other side; it ends with its standard input.</summary>
    public static async Task ServeAsync(string socket)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.Http2.MaxStreamsPerConnection = 2048;
        });
        await using WebApplication app = builder.Build();
        app.MapGrpcService<Server>();
        await app.StartAsync();
        Console.WriteLine("ready");
        _ = await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    internal sealed class Server : Bench.BenchBase
    {
        public override Task<AddReply> Add(AddRequest request, ServerCallContext context) =>
            Task.FromResult(new AddReply { Sum = request.Left + request.Right });

        public override Task<Blob> Echo(Blob request, ServerCallContext context) => Task.FromResult(request);
    }
}
