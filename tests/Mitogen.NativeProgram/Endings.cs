using System.Diagnostics;
using System.Globalization;

namespace Mitogen.NativeProgram;

/// <summary>A program whose contexts end in every way there is. It prints what it started and then what it hears of the end, a line each.</summary>
internal static class Endings
{
    public static MitogenOptions? OptionsOf(string[] args) => args is ["endings", ..]
        ? new MitogenOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(500), KeepAliveTimeout = TimeSpan.FromSeconds(3) }
        : null;

    /// <param name="app">The root.</param>
    /// <param name="chain">The contexts, as a connection string.</param>
    /// <param name="mark">What the subprocesses of the last context have in their environment; <c>none</c>: there are none.</param>
    public static async Task<int> RunAsync(MitogenRoot app, string chain, string mark)
    {
        Lock printing = new();
        void Print(string line)
        {
            lock (printing)
            {
                Console.Out.WriteLine(line);
                Console.Out.Flush();
            }
        }

        List<IRemoteContext> contexts = [];
        IRemoteContext last = app;
        foreach (Connection connection in ConnectionString.Parse(chain))
        {
            last = await last.ConnectAsync(connection);
            contexts.Add(last);
            Print(string.Create(CultureInfo.InvariantCulture, $"context {last.Info.ProcessId}"));
        }

        if (mark != "none")
        {
            await StartSubprocessesAsync(last.Get<IStarter>(), mark);
        }

        for (int i = 0; i < contexts.Count; i++)
        {
            (int at, IRemoteContext context) = (i, contexts[i]);
            _ = context.Disconnected.Register(() => Print(string.Create(
                CultureInfo.InvariantCulture,
                $"lost {at} {context.DisconnectReason!.Kind} {context.DisconnectReason.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-"} {context.DisconnectReason.Message}")));
        }

        Print("ready");
        while (await Console.In.ReadLineAsync() is { } command)
        {
            switch (command)
            {
                case "dispose":
                    var clock = Stopwatch.StartNew();
                    await last.DisposeAsync();
                    Print(string.Create(CultureInfo.InvariantCulture, $"disposed {clock.ElapsedMilliseconds}"));
                    break;
                case "call":
                    // Whether the last context can still be called.
                    string answer = await last.Get<INativeShapes>().EchoAsync("well");
                    Print($"answered {answer}");
                    break;
                default:
                    return 2;
            }
        }

        return 0;
    }

    private static async Task StartSubprocessesAsync(IStarter starter, string mark)
    {
        foreach ((string kind, string script, bool leaves) in (IEnumerable<(string, string, bool)>)
            [
                ("plain", "sleep 1000", false),
                ("stubborn", "sh -c 'trap \"\" TERM; while :; do sleep 1; done'", false),
                ("daemon", "setsid sleep 1000 </dev/null >/dev/null 2>&1", true),
            ])
        {
            _ = await starter.StartAsync($"exec env MITOGEN_ENDING={mark}-{kind} {script}", leaves);
        }
    }
}
