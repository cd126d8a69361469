using System.Buffers;

namespace Mitogen.Toolkit.Processes;

/// <summary>The beginning of an output, up to a bound, and its last bytes; what is over the bound goes to a stream, or is counted only.</summary>
internal sealed class GatheredOutput(int bound, Stream? overflow)
{
    private const int ReadAtOnce = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private byte[] _tail = [];

    public byte[] Kept => _kept.WrittenSpan.ToArray();

    public long Rest { get; private set; }

    public ReadOnlyMemory<byte> Tail => _tail;

    public async Task ReadAsync(ProcessOutput output, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ReadAtOnce];
        while (await output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            int room = Math.Min(bound - _kept.WrittenCount, count);
            _kept.Write(buffer.AsSpan(0, room));
            KeepTail(buffer.AsSpan(0, count));
            if (count > room)
            {
                Rest += count - room;
                if (overflow is not null)
                {
                    await overflow.WriteAsync(buffer.AsMemory(room, count - room), cancellationToken).ConfigureAwait(false);
                }
            }
        }

        if (overflow is not null)
        {
            await overflow.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void KeepTail(ReadOnlySpan<byte> bytes) => _tail = bytes.Length >= FinalLines.MaxBytes
        ? bytes[^FinalLines.MaxBytes..].ToArray()
        : [.. _tail.AsSpan(Math.Max(0, _tail.Length + bytes.Length - FinalLines.MaxBytes)), .. bytes];
}
