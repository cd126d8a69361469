using System.Runtime.CompilerServices;

namespace Mitogen.Toolkit.Processes;

/// <summary>Reads lines from both outputs of a process as they come. Nothing is read ahead: what is not taken holds the process back.</summary>
internal static class LineReader
{
    private const int BytesAtOnce = 32 * 1024;

    public static async IAsyncEnumerable<OutputLine[]> ReadAsync(
        ProcessOutput output, ProcessOutput error, int maxLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        output.Claim(forLines: true);
        error.Claim(forLines: true);
        Source[] sources = [new(output, OutputKind.Output, maxLine), new(error, OutputKind.Error, maxLine)];
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (sources.Any(source => !source.HasEnded))
            {
                // Error output first, where both are there: a program writes it at once, and its output perhaps later.
                Task<int>[] reads = [.. sources.Reverse().Where(source => !source.HasEnded).Select(source => source.Begin(stopped.Token))];
                _ = await Task.WhenAny(reads).ConfigureAwait(false);
                List<OutputLine> lines = [];
                foreach (Source source in sources.Where(source => source.IsRead))
                {
                    source.Take(lines);
                }

                if (lines.Count > 0)
                {
                    yield return [.. lines];
                }
            }
        }
        finally
        {
            await stopped.CancelAsync().ConfigureAwait(false);
            foreach (Source source in sources)
            {
                await source.StopAsync().ConfigureAwait(false);
            }
        }
    }

    private sealed class Source(ProcessOutput output, OutputKind kind, int maxLine)
    {
        private readonly byte[] _buffer = new byte[BytesAtOnce];
        private readonly OutputCutter _cutter = new(kind, maxLine);
        private Task<int>? _read;

        public bool HasEnded { get; private set; }

        public bool IsRead => _read is { IsCompleted: true };

        public Task<int> Begin(CancellationToken cancellationToken) => _read ??= output.ReadNextAsync(_buffer, cancellationToken).AsTask();

        public void Take(List<OutputLine> lines)
        {
            int count = _read!.GetAwaiter().GetResult();
            _read = null;
            HasEnded = count == 0;
            _cutter.Add(_buffer.AsSpan(0, count), HasEnded, lines);
        }

        public async Task StopAsync()
        {
            if (_read is { } read)
            {
                await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
