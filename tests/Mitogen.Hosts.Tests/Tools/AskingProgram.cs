using System.Collections.Concurrent;
using System.Text;
using Mitogen.Processes;

namespace Mitogen.Hosts.Tests.Tools;

/// <summary>A program that asks something.</summary>
internal sealed class AskingProgram : IDisposable
{
    private readonly BlockingCollection<Prompt> _prompts = [];

    private AskingProgram(string[] command, bool terminal) => Child = ChildProcess.Start(new()
    {
        FileName = HostCommand.Find(command[0])!,
        Arguments = command,
        Terminal = terminal,
        Prompt = _prompts.Add,
    });

    public ChildProcess Child { get; }

    /// <summary>Starts it with a terminal to ask at, or with a pipe.</summary>
    public static AskingProgram Start(string[] command, bool terminal = true) => new(command, terminal);

    /// <summary>What it asks next; with a terminal, when nothing of the answer is shown.</summary>
    public Prompt Next(bool echoOff = true)
    {
        while (_prompts.TryTake(out Prompt prompt, (int)Eventually.Patience.TotalMilliseconds, TestContext.Current.CancellationToken))
        {
            if (prompt.EchoOff == echoOff)
            {
                return prompt;
            }
        }

        throw new TimeoutException($"It asks nothing, but wrote:\n{string.Join('\n', Child.LastStderrLines)}");
    }

    public void Answer(string line) => Child.Transport.Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>All that it writes to standard output.</summary>
    public Task<string> OutputAsync() => Task.Run(() =>
    {
        StringBuilder all = new();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = Child.Transport.Read(buffer)) > 0)
        {
            _ = all.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return all.ToString();
    }).InTimeAsync();

    /// <summary>Waits for its end.</summary>
    public async Task EndAsync() => await Child.EndAsync(Eventually.Patience);

    public void Dispose() => Child.EndAsync(TimeSpan.Zero).AsTask().Wait(Eventually.Patience);
}
