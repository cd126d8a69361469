using System.Diagnostics;
using System.IO.Pipes;
using Benchmarks.Measuring;
using Microsoft.Win32.SafeHandles;
using StreamJsonRpc;

namespace Benchmarks.Peers;

#pragma warning disable StreamJsonRpc0008 // for formatters that are not used here
[JsonRpcContract]
public partial interface IJsonRpcBench
{
    Task<int> AddAsync(int left, int right);

    Task<byte[]> EchoAsync(byte[] data);
}
#pragma warning restore StreamJsonRpc0008

/// <summary>StreamJsonRpc with its MessagePack formatter over a child's standard input and output.</summary>
internal sealed class JsonRpcSubject : ISubject
{
    private readonly Process _process;
    private readonly JsonRpc _rpc;
    private readonly IJsonRpcBench _bench;

    private JsonRpcSubject(Process process)
    {
        _process = process;
        _rpc = new JsonRpc(Handler(process.StandardInput.BaseStream, process.StandardOutput.BaseStream));
        _bench = _rpc.Attach<IJsonRpcBench>();
        _rpc.StartListening();
    }

    public int ServerProcessId => _process.Id;

    public bool TakesLoad => true;

    public static JsonRpcSubject Start() => new(ChildPrograms.StartSelf("serve", "jsonrpc"));

    public ValueTask<int> AddAsync(int left, int right) => new(_bench.AddAsync(left, right));

    public ValueTask<byte[]> EchoAsync(byte[] data) => new(_bench.EchoAsync(data));

    public async ValueTask DisposeAsync()
    {
        // In this order: it closes the child's standard input, which would then be closed twice.
        await ChildPrograms.EndAsync(_process);
        _rpc.Dispose();
    }

    /// <summary>The other side.</summary>
    public static async Task ServeAsync()
    {
        using AnonymousPipeClientStream input = new(PipeDirection.In, new SafePipeHandle(0, ownsHandle: false));
        using AnonymousPipeClientStream output = new(PipeDirection.Out, new SafePipeHandle(1, ownsHandle: false));
        using JsonRpc rpc = new(Handler(output, input), new Server());
        rpc.StartListening();
        await rpc.Completion;
    }

    private static LengthHeaderMessageHandler Handler(Stream write, Stream read) => new(write, read, new MessagePackFormatter());

    private sealed class Server : IJsonRpcBench
    {
        public Task<int> AddAsync(int left, int right) => Task.FromResult(left + right);

        public Task<byte[]> EchoAsync(byte[] data) => Task.FromResult(data);
    }
}
