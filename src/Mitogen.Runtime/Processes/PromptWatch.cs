namespace Mitogen.Processes;

/// <summary>
/// Tells when output stands without an end of line. Belongs to <see cref="ProcessWatcher"/>'s thread.
/// </summary>
/// <remarks>
/// Some programs print their prompt and switch the echo off afterwards, which nothing reports. So the terminal is looked at again
/// while a prompt stands there with the echo on: after 10 ms, and then at intervals that double until they are too long to matter.
/// </remarks>
internal sealed class PromptWatch(Action<Prompt> onPrompt, PseudoTerminal? terminal)
{
    private const int FirstLook = 10;
    private const int LastLook = 30_000;

    private long _wait = LastLook;
    private long _nextLook;

    /// <summary>When to look again, in milliseconds from now; -1 for not before more output comes.</summary>
    public int PollTimeout => _wait >= LastLook ? -1 : (int)Math.Max(0, _nextLook - Environment.TickCount64);

    /// <summary>Looks after output came.</summary>
    public void OutputCame(string tail)
    {
        _wait = LastLook;
        if (tail.Length == 0)
        {
            return;
        }

        bool echoOff = IsEchoOff;
        if (terminal is not null && !echoOff)
        {
            LookIn(FirstLook);
        }

        onPrompt(new Prompt(tail, echoOff));
    }

    /// <summary>Looks at the echo when it is time.</summary>
    public void TimeCame(string tail)
    {
        if (PollTimeout != 0)
        {
            return;
        }

        LookIn(2 * _wait);
        if (IsEchoOff)
        {
            _wait = LastLook;
            onPrompt(new Prompt(tail, EchoOff: true));
        }
    }

    private bool IsEchoOff => terminal?.IsEchoOff == true;

    private void LookIn(long milliseconds)
    {
        _wait = milliseconds;
        _nextLook = Environment.TickCount64 + milliseconds;
    }
}
