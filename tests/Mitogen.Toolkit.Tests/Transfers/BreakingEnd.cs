using Mitogen.Toolkit.Transfers;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>A source of this side whose bytes break off.</summary>
internal sealed class BreakingEnd(long bytes) : ITransferEnd
{
    public ITransferSource Open(string path, SourceSettings settings) => new BreakingSource(TransferEnd.Here.Open(path, settings), bytes);

    public Task<SinkReport> ReceiveAsync(
        string path, SinkSettings settings, byte[] head, Stream? rest, IProgress<SinkAnswers> answers, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private sealed class BreakingSource(ITransferSource inner, long bytes) : ITransferSource
    {
        public async Task<SourceBytes> StartAsync(CancellationToken cancellationToken)
        {
            SourceBytes start = await inner.StartAsync(cancellationToken);
            return bytes < start.Head.Length || start.Rest is not null
                ? new SourceBytes(
                    start.Head[..(int)Math.Min(bytes, start.Head.Length)],
                    new BreakingStream(start.Rest ?? Stream.Null, bytes - start.Head.Length))
                : start;
        }

        public void Answer(SinkAnswer[] answers) => inner.Answer(answers);

        public Task CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class BreakingStream(Stream inner, long bytes) : Stream
    {
        private long _left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left <= 0)
            {
                throw new IOException("The link broke.");
            }

            int count = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
