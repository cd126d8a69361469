using Mitogen.Bootstrap;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Types what a tool asks for on its way to a shell. Its prompts come on the thread that watches processes.</summary>
internal sealed class Typist(Launch launch)
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    // Under _lock. The first prompt may come before the one who started the process knows it.
    private ChildProcess? _process;
    private Prompt? _waiting;

    /// <summary>Faults when a question has no answer; never completes otherwise.</summary>
    public Task Refused => _refused.Task;

    public void Attach(ChildProcess process)
    {
        Prompt? waiting;
        lock (_lock)
        {
            _process = process;
            waiting = _waiting;
        }

        if (waiting is { } prompt)
        {
            Answer(process, prompt);
        }
    }

    public void OnPrompt(Prompt prompt)
    {
        ChildProcess? process;
        lock (_lock)
        {
            process = _process;
            _waiting = process is null ? prompt : null;
        }

        if (process is not null)
        {
            Answer(process, prompt);
        }
    }

    private void Answer(ChildProcess process, Prompt prompt)
    {
        try
        {
            if (launch.Answer(prompt.Tail, prompt.EchoOff) is not { } secret)
            {
                return;
            }

            if (launch.NeedsTerminal)
            {
                _ = process.TryType(secret); // false when it has ended meanwhile: that has its own reason
            }
            else
            {
                process.Transport.Write(SecretLine.Of(secret));
            }
        }
        catch (Exception e) when (e is StartRefusedException or ArgumentException)
        {
            _ = _refused.TrySetException(e as StartRefusedException ?? new StartRefusedException(new(BootstrapReason.PasswordWrong, e.Message)));
        }
        catch (IOException)
        {
            // It ended while it asked, for a reason that its last words tell.
        }
    }
}
