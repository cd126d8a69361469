using System.Diagnostics;
using System.Text;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An SSH server that lets nobody in, asks what a test wants, and tells what it was answered.</summary>
internal sealed class AskingServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new(); // under its own lock

    private AskingServer(Process process) => _process = process;

    public int Port { get; private set; }

    /// <summary>Its key, as files of known hosts have it behind the name.</summary>
    public string HostKey { get; private set; } = "";

    /// <summary>Each password and answer that it got, and each question that it was asked for.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <param name="methods">The ways to log in that it offers, separated by commas.</param>
    /// <param name="question">What it asks, where that is keyboard-interactive.</param>
    public static async Task<AskingServer> StartAsync(string methods, string question = "Password: ")
    {
        AskingServer server = new(HostCommand.Start(
            "/usr/bin/python3", "-u", Path.Combine(AppContext.BaseDirectory, "asking-server.py"), methods, question.Replace("\n", "\\n", StringComparison.Ordinal)));
        TaskCompletionSource<string?> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server._process.OutputDataReceived += (_, line) =>
        {
            _ = listening.TrySetResult(line.Data);
            lock (server._said)
            {
                server._said.AppendLine(line.Data);
            }
        };
        server._process.BeginOutputReadLine();
        server._process.ErrorDataReceived += (_, _) => { };
        server._process.BeginErrorReadLine();
        string[] words = (await listening.Task.InTimeAsync())?.Split(' ') ?? [];
        Assert.True(words is ["LISTENING", _, _, _], "The asking server did not start.");
        server.Port = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
        server.HostKey = $"{words[2]} {words[3]}";
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().InTimeAsync();
        _process.Dispose();
    }
}
