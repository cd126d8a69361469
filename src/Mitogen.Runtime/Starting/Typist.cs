using System.Security.Cryptography;
using Mitogen.Connections;
using Mitogen.Processes;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>
/// Types what a tool asks for on its way to a shell. The text on its standard error or terminal comes on the thread that watches processes,
/// what stands on its standard output on the one that listens, and what has stood for long on a timer's.
/// </summary>
internal sealed class Typist : IDisposable
{
    private readonly Way _way;
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    // Under _lock. The first prompt may come before the one who started the process knows it.
    private readonly StandingText _error;
    private readonly StandingText _output;
    private Action<Secret>? _type;
    private bool _isOver;

    public Typist(Way way, TimeSpan patience, TimeProvider? time = null)
    {
        _way = way;
        _error = new StandingText(patience, OnTime, time ?? TimeProvider.System);
        _output = new StandingText(patience, OnTime, time ?? TimeProvider.System);
    }

    /// <summary>Faults when a question has no answer; never completes otherwise.</summary>
    public Task Refused => _refused.Task;

    /// <summary>The text on an output of the tool without an end of line; null if nothing does.</summary>
    public string? Standing
    {
        get
        {
            lock (_lock)
            {
                string text = _error.Rest.Length > 0 ? _error.Rest : _output.Rest;
                return text.Length > 0 ? _way.Show(text.Trim()) : null;
            }
        }
    }

    public void Attach(ChildProcess process) => Attach(secret => Type(process, secret));

    /// <param name="type">Types a secret and the Enter key.</param>
    public void Attach(Action<Secret> type)
    {
        lock (_lock)
        {
            _type = type;
            Look(_error);
        }
    }

    /// <summary>A line of standard error.</summary>
    /// <returns>Whether people are to see it.</returns>
    public bool OnLine(string line)
    {
        lock (_lock)
        {
            _error.EndLine();
            return _way.Interview?.Hear(line) ?? true;
        }
    }

    public void OnPrompt(Prompt prompt)
    {
        lock (_lock)
        {
            _error.Set(prompt.Tail, prompt.EchoOff);
            Look(_error);
        }
    }

    /// <summary>The text on standard output without an end of line, if there is one.</summary>
    public void OnOutput(string tail)
    {
        lock (_lock)
        {
            _output.Set(tail, isHidden: false);
            Look(_output);
        }
    }

    /// <summary>A shell has spoken. When this returns, nothing is typed any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            _way.Interview?.End();
            _error.Dispose();
            _output.Dispose();
        }
    }

    public void Dispose() => End();

    private void OnTime(StandingText standing)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                standing.Advance();
                Look(standing);
            }
        }
    }

    private void Look(StandingText standing)
    {
        lock (_lock)
        {
            if (_isOver || _type is null || standing.Rest.Length == 0)
            {
                return;
            }

            try
            {
                Asked asked = new(standing.Rest) { IsHidden = standing.IsHidden, Standing = standing.Standing, IsOnOutput = standing == _output };
                if (_way.Interview?.Answer(asked) is { } secret)
                {
                    standing.Answered();
                    _type(secret);
                }
            }
            catch (Exception e) when (e is StartRefusedException or ArgumentException)
            {
                _isOver = true;
                _ = _refused.TrySetException(e as StartRefusedException ?? new StartRefusedException(new(BootstrapReason.PasswordWrong, e.Message)));
            }
            catch (IOException)
            {
                // It ended while it asked, for a reason that its last words tell.
            }
        }
    }

    private void Type(ChildProcess process, Secret secret)
    {
        if (_way.Interview is { NeedsTerminal: true })
        {
            _ = process.TryType(secret); // false when it has ended meanwhile: that has its own reason
            return;
        }

        byte[] line = SecretLine.Of(secret);
        try
        {
            process.Transport.Write(line);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }
}
