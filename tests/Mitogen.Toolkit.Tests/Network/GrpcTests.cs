using System.Text;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>gRPC, of which each call is a stream of one connection of HTTP/2, and a server that this process does not dial.</summary>
public sealed class GrpcTests : LeakCheckedTest
{
    private static readonly Marshaller<string> s_text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    private static readonly Method<string, string> s_shout = new(MethodType.Unary, "test.Echo", "Shout", s_text, s_text);

    private static readonly Method<string, string> s_talk = new(MethodType.DuplexStreaming, "test.Echo", "Talk", s_text, s_text);

    [Fact]
    public async Task A_grpc_channel_goes_through_another_context()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        await using (WebApplication server = Serve(path))
        {
            await server.StartAsync(Cancellation);
            await using MitogenRoot root = MitogenRoot.Create();
            INetwork network = (await root.ConnectAsync(new LocalConnection(), Cancellation)).Get<INetwork>();
            using SocketsHttpHandler handler = new() { ConnectCallback = network.ConnectCallback($"unix:{path}") };
            using GrpcChannel channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler });
            CallInvoker client = channel.CreateCallInvoker();

            string text = new('a', 1_000_000);
            string[] shouted = await Task.WhenAll(
                Enumerable.Range(0, 10).Select(_ => client.AsyncUnaryCall(s_shout, null, default, text).ResponseAsync));
            Assert.All(shouted, answer => Assert.Equal(text.ToUpperInvariant(), answer));

            using AsyncDuplexStreamingCall<string, string> call = client.AsyncDuplexStreamingCall(s_talk, null, default);
            foreach (string word in (string[])["one", "two"])
            {
                await call.RequestStream.WriteAsync(word, Cancellation);
                Assert.True(await call.ResponseStream.MoveNext(Cancellation));
                Assert.Equal(word, call.ResponseStream.Current);
            }

            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(Cancellation));

            RpcException missing = await Assert.ThrowsAsync<RpcException>(() => client.AsyncUnaryCall(
                new Method<string, string>(MethodType.Unary, "test.Echo", "Missing", s_text, s_text), null, default, text).ResponseAsync);
            Assert.Equal(StatusCode.Unimplemented, missing.StatusCode);
        }
    }

    private static WebApplication Serve(string path)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2));
        _ = builder.Services.AddRoutingCore().AddGrpc();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<GrpcEcho>, GrpcEchoMethods>());
        WebApplication server = builder.Build();
        _ = server.UseRouting();
        _ = server.MapGrpcService<GrpcEcho>();
        return server;
    }

    private sealed class GrpcEcho
    {
        public static Task<string> ShoutAsync(string text) => Task.FromResult(text.ToUpperInvariant());

        public static async Task TalkAsync(IAsyncStreamReader<string> words, IServerStreamWriter<string> answers)
        {
            await foreach (string word in words.ReadAllAsync(Cancellation))
            {
                await answers.WriteAsync(word, Cancellation);
            }
        }
    }

    /// <summary>What protoc would generate.</summary>
    private sealed class GrpcEchoMethods : IServiceMethodProvider<GrpcEcho>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<GrpcEcho> context)
        {
            context.AddUnaryMethod(s_shout, [], (_, text, _) => GrpcEcho.ShoutAsync(text));
            context.AddDuplexStreamingMethod(s_talk, [], (_, words, answers, _) => GrpcEcho.TalkAsync(words, answers));
        }
    }
}
