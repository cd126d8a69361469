using System.IO.Pipelines;

namespace Mitogen.TestContracts.Shapes;

/// <summary>Streams of bytes and progress, every way.</summary>
[Remote]
public interface IBytes
{
    /// <summary>A stream with bytes of the pattern 0, 1, ... 250, 0, ...; blocks.</summary>
    Stream Open(long count);

    Task<Stream> OpenAsync(long count);

    /// <summary>A stream that fails after so many bytes.</summary>
    Task<Stream> OpenBrokenAsync(long count);

    /// <summary>A stream that has no bytes and does not end.</summary>
    Task<Stream> OpenSilentAsync();

    Task<PipeReader> OpenPipeAsync(long count);

    /// <summary>How many bytes of the pattern there are; throws at one that is wrong.</summary>
    Task<long> CheckAsync(Stream source, CancellationToken cancellationToken = default);

    Task<long> CheckPipeAsync(PipeReader source);

    Task ReadOneAsync(Stream source);

    Task WriteAsync(Stream target, long count, CancellationToken cancellationToken = default);

    Task WritePipeAsync(PipeWriter target, long count);

    /// <summary>Writes, and completes the writer with a failure.</summary>
    Task FailPipeAsync(PipeWriter target, long count, string message);

    /// <summary>Reads something, and completes the reader with a failure.</summary>
    Task GiveUpPipeAsync(PipeReader source, string message);

    /// <summary>A writer that takes anything; <see cref="EndOfPipeAsync"/> tells what came of it.</summary>
    Task<PipeWriter> TakePipeAsync();

    /// <summary>Waits for the end of what <see cref="TakePipeAsync"/> gave.</summary>
    /// <returns>How many bytes came, and the message of the failure if there was one.</returns>
    Task<string> EndOfPipeAsync();

    /// <summary>A stream that takes bytes of the pattern; <see cref="TakenAsync"/> counts them.</summary>
    Task<Stream> TakeAsync();

    Task<long> TakenAsync();

    /// <summary>Streams that were opened and are not closed.</summary>
    Task<int> LiveAsync();

    Task<int> WorkAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken = default);

    int Work(int steps, IProgress<string> progress, IProgress<int> other);
}
