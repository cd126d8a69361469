using System.Diagnostics;
using Benchmarks.Measuring;
using Mitogen.Processes;

namespace Benchmarks.Floors;

/// <summary>The other process of a floor, joined to us as contexts are (a socket pair) or by two pipes.</summary>
internal abstract class FloorChild : IAsyncDisposable
{
    public abstract int ProcessId { get; }

    public static FloorChild OverSocket(string part) => new SocketChild(part);

    public static FloorChild OverPipes(string part) => new PipeChild(part);

    public abstract int Read(Span<byte> buffer);

    public abstract void Write(ReadOnlySpan<byte> bytes);

    public abstract ValueTask DisposeAsync();

    private sealed class SocketChild(string part) : FloorChild
    {
        private readonly ChildProcess _process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = ChildPrograms.Self,
            Arguments = [ChildPrograms.Self, "serve", part],
        });

        public override int ProcessId => _process.Pid;

        public override int Read(Span<byte> buffer) => _process.Transport.Read(buffer);

        public override void Write(ReadOnlySpan<byte> bytes) => _process.Transport.Write(bytes);

        public override ValueTask DisposeAsync() => _process.EndAsync(TimeSpan.FromSeconds(1));
    }

    private sealed class PipeChild : FloorChild
    {
        private readonly Process _process;
        private readonly Stream _write;
        private readonly Stream _read;

        public PipeChild(string part)
        {
            _process = ChildPrograms.StartSelf("serve", part);
            _write = _process.StandardInput.BaseStream;
            _read = _process.StandardOutput.BaseStream;
        }

        public override int ProcessId => _process.Id;

        public override int Read(Span<byte> buffer) => _read.Read(buffer);

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            _write.Write(bytes);
            _write.Flush();
        }

        public override ValueTask DisposeAsync() => new(ChildPrograms.EndAsync(_process));
    }
}
