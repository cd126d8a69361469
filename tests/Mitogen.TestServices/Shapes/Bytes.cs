using System.IO.Pipelines;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.TestServices.Shapes;

[RemoteService]
public sealed class Bytes : IBytes
{
    private PatternStream? _taken;
    private Task<string>? _end;
    private int _live;

    public Stream Open(long count)
    {
        _ = Interlocked.Increment(ref _live);
        return new PatternStream(count, Close);
    }

    public Task<Stream> OpenAsync(long count) => Task.FromResult(Open(count));

    public Task<Stream> OpenBrokenAsync(long count)
    {
        _ = Interlocked.Increment(ref _live);
        return Task.FromResult<Stream>(new PatternStream(count, Close, breaks: true));
    }

    public Task<Stream> OpenSilentAsync() => Task.FromResult(new Pipe().Reader.AsStream());

    public Task<PipeReader> OpenPipeAsync(long count) => Task.FromResult(PipeReader.Create(Open(count)));

    public async Task<long> CheckAsync(Stream source, CancellationToken cancellationToken)
    {
        PatternStream pattern = new(long.MaxValue);
        await source.CopyToAsync(pattern, cancellationToken);
        return pattern.Done;
    }

    public async Task<long> CheckPipeAsync(PipeReader source)
    {
        PatternStream pattern = new(long.MaxValue);
        await source.CopyToAsync(pattern);
        await source.CompleteAsync();
        return pattern.Done;
    }

    public async Task ReadOneAsync(Stream source)
    {
        _ = await source.ReadAsync(new byte[1]);
        await source.DisposeAsync();
    }

    public async Task WriteAsync(Stream target, long count, CancellationToken cancellationToken)
    {
        await new PatternStream(count).CopyToAsync(target, cancellationToken);
        await target.DisposeAsync();
    }

    public async Task WritePipeAsync(PipeWriter target, long count)
    {
        await new PatternStream(count).CopyToAsync(target);
        await target.CompleteAsync();
    }

    public async Task FailPipeAsync(PipeWriter target, long count, string message)
    {
        await new PatternStream(count).CopyToAsync(target);
        await target.CompleteAsync(new InvalidDataException(message));
    }

    public async Task GiveUpPipeAsync(PipeReader source, string message)
    {
        ReadResult result = await source.ReadAsync();
        source.AdvanceTo(result.Buffer.Start);
        await source.CompleteAsync(new InvalidDataException(message));
    }

    public Task<PipeWriter> TakePipeAsync()
    {
        // Each write waits until it is read: a pipe that is completed with a failure throws away what it holds.
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        _end = ReadToEndAsync(pipe.Reader);
        return Task.FromResult(pipe.Writer);
    }

    public Task<string> EndOfPipeAsync() => _end!;

    private static async Task<string> ReadToEndAsync(PipeReader source)
    {
        PatternStream pattern = new(long.MaxValue);
        try
        {
            await source.CopyToAsync(pattern);
            return $"{pattern.Done}";
        }
        catch (InvalidDataException e)
        {
            return $"{pattern.Done}: {e.Message}";
        }
    }

    public Task<Stream> TakeAsync()
    {
        _ = Interlocked.Increment(ref _live);
        _taken = new PatternStream(long.MaxValue, Close);
        return Task.FromResult<Stream>(_taken);
    }

    public Task<long> TakenAsync() => Task.FromResult(_taken!.Done);

    public Task<int> LiveAsync() => Task.FromResult(Volatile.Read(ref _live));

    public async Task<int> WorkAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        for (int i = 0; i < steps; i++)
        {
            if (i % 100 == 99)
            {
                await Task.Yield();
            }

            progress?.Report(i);
        }

        return steps;
    }

    public int Work(int steps, IProgress<string> progress, IProgress<int> other)
    {
        for (int i = 0; i < steps; i++)
        {
            progress.Report($"step {i}");
            other.Report(i);
        }

        return steps;
    }

    private void Close() => Interlocked.Decrement(ref _live);
}
