using System.IO.Pipelines;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The bytes that are written to a stream in another context, which draws them by reading a pipe of ours.</summary>
/// <remarks>Nothing that the call keeps refers to the <see cref="RemoteStream"/>, so that one that is forgotten can be found by its finalizer.</remarks>
internal sealed class ByteWriter(ObjectCallTarget target)
{
    // The bytes by which a writer may run ahead of the call that takes them away.
    private static readonly PipeOptions s_options = new(
        pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    private readonly Pipe _pipe = new(s_options);
    private Task? _writing;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        _writing ??= SendAsync(target, _pipe.Reader);
        while (!buffer.IsEmpty)
        {
            // In pieces, so that the pipe's bound holds for large writes too.
            int count = Math.Min(buffer.Length, 64 * 1024);
            FlushResult result = await _pipe.Writer.WriteAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
            if (result.IsCompleted)
            {
                // Whatever ended the call ends the writing.
                await _writing.ConfigureAwait(false);
                throw new IOException($"{target} does not take bytes any more: its stream was closed over there.");
            }
        }
    }

    /// <summary>Waits until everything that was written is there.</summary>
    public async Task EndAsync()
    {
        if (_writing is { } writing)
        {
            await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    /// <summary>Gives the writing up: what is under way fails over there, and nobody waits for that.</summary>
    public async Task GiveUpAsync(Exception error)
    {
        if (_writing is { } writing)
        {
            await _pipe.Writer.CompleteAsync(error).ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(ObjectCallTarget target, PipeReader source)
    {
        try
        {
            OutgoingCall<NoResult> call = target.Begin<NoResult>(StreamContract.Write, null);
            try
            {
                MemoryPackWriter<CallBuffer> writer = call.BeginArguments();
                WireData.Write(ref writer, ByteStreamFormatters.Stream, source.AsStream());
                call.EndArguments(ref writer);
            }
            catch (Exception e)
            {
                throw call.Refuse(e);
            }

            await call.InvokeVoidAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await source.CompleteAsync().ConfigureAwait(false);
        }
    }
}
