using System.Diagnostics;
using System.IO.Pipes;
using Benchmarks.Measuring;
using Microsoft.Win32.SafeHandles;

namespace Benchmarks.Floors;

/// <summary>Pipes again, with the framework's asynchronous streams on both sides: what a program without threads of its own can reach.</summary>
internal sealed class AsyncFloor(Process process) : ISubject
{
    private readonly Stream _write = process.StandardInput.BaseStream;
    private readonly Stream _read = process.StandardOutput.BaseStream;
    private readonly byte[] _request = new byte[FloorMessages.Request];
    private readonly byte[] _answer = new byte[FloorMessages.Answer];

    public int ServerProcessId => process.Id;

    public bool TakesLoad => false;

    public async ValueTask<int> AddAsync(int left, int right)
    {
        await _write.WriteAsync(_request);
        await _write.FlushAsync();
        await _read.ReadExactlyAsync(_answer);
        return left + right;
    }

    public ValueTask<byte[]> EchoAsync(byte[] data) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => new(ChildPrograms.EndAsync(process));

    /// <summary>The other side.</summary>
    public static async Task ServeAsync()
    {
        using AnonymousPipeClientStream input = new(PipeDirection.In, new SafePipeHandle(0, ownsHandle: false));
        using AnonymousPipeClientStream output = new(PipeDirection.Out, new SafePipeHandle(1, ownsHandle: false));
        byte[] request = new byte[FloorMessages.Request];
        byte[] answer = new byte[FloorMessages.Answer];
        while (await input.ReadAtLeastAsync(request, request.Length, throwOnEndOfStream: false) == request.Length)
        {
            await output.WriteAsync(answer);
        }
    }
}
