using System.Diagnostics;
using System.Text;

namespace Mitogen.Package.Tests.Feed;

/// <summary>A command that runs until it is disposed, with all that it has started.</summary>
internal sealed class WatchedCommand : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WatchedCommand(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Completes when its output has a text.</summary>
    /// <param name="text">The text.</param>
    public async Task SaysAsync(string text)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            while (!TryFind(text, out Task more))
            {
                await more.WaitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} did not say '{text}' but:\n{_output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private bool TryFind(string text, out Task more)
    {
        lock (_lock)
        {
            more = _more.Task;
            return _output.ToString().Contains(text, StringComparison.Ordinal);
        }
    }

    private void Add(string? line)
    {
        lock (_lock)
        {
            _output.AppendLine(line);
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
