using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Mitogen.Handshake;
using Mitogen.Hosting;
using Mitogen.Interop;
using Mitogen.Logging;
using Mitogen.Processes;

namespace Mitogen;

/// <summary>The entry point of a program that runs itself in other contexts.</summary>
/// <remarks>
/// A program that is one executable (native code) is started as a context by the same entry point:
/// then <c>RunAsync</c> runs the context on the calling thread and ends the process, and never calls the body. Whatever an entry
/// point does before that call, it does in every such context too, with arguments that are not the user's.
/// </remarks>
[SupportedOSPlatform("linux")]
public static class MitogenApp
{
    // How long the body has to come to its end after a signal has ended the tree.
    private static readonly TimeSpan s_bodyTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs the program's body with a root of its own, and ends the tree when the body ends or a signal asks for it.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="body">The program. Its root's <see cref="IRemoteContext.Disconnected"/> is cancelled by Ctrl-C.</param>
    /// <param name="options">The root's options. Without a logger factory, warnings and the contexts' output go to standard error.</param>
    /// <returns>0; 129 after SIGHUP (the terminal was closed), 130 after Ctrl-C and 143 after SIGTERM. An exception of the body passes through when the tree has ended.</returns>
    public static Task<int> RunAsync(string[] args, Func<MitogenRoot, Task> body, MitogenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(
            args,
            async root =>
            {
                await body(root).ConfigureAwait(false);
                return 0;
            },
            options);
    }

    /// <summary>As <see cref="RunAsync(string[], Func{MitogenRoot, Task}, MitogenOptions?)"/>, with an exit status of the body's own.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="body">The program; it returns the exit status.</param>
    /// <param name="options">The root's options.</param>
    /// <returns>The body's result; 129 after SIGHUP, 130 after Ctrl-C and 143 after SIGTERM.</returns>
    public static Task<int> RunAsync(string[] args, Func<MitogenRoot, Task<int>> body, MitogenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(body);
        if (ContextArguments.NonceOf(Environment.GetCommandLineArgs()) is { } nonce)
        {
            // The calling thread is the main one, and waits for the context's end.
            Environment.Exit(new ContextProcess(nonce, null).Run());
        }

        return RunProgramAsync(body, options ?? new MitogenOptions());
    }

    private static async Task<int> RunProgramAsync(Func<MitogenRoot, Task<int>> body, MitogenOptions options)
    {
        options = options with { LoggerFactory = options.LoggerFactory ?? new StderrLoggers(LogLevel.Information) };
        MitogenRoot root = MitogenRoot.Create(options);
        await using (root.ConfigureAwait(false))
        {
            TaskCompletionSource<int> signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            void OnSignal(PosixSignalContext signal)
            {
                // The second one ends the process at once: the body may block.
                signal.Cancel = signalled.TrySetResult(signal.Signal switch
                {
                    PosixSignal.SIGHUP => 129,
                    PosixSignal.SIGINT => 130,
                    _ => 143,
                });
                _ = root.EndAsync();
            }

            async Task<int> RunBodyAsync() => await body(root).ConfigureAwait(false);

            using PosixSignalRegistration? hangUp = ProcessSignals.IsIgnored(Libc.HangUp) ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            Task<int> running = RunBodyAsync();
            _ = await Task.WhenAny(running, signalled.Task).ConfigureAwait(false);
            if (!signalled.Task.IsCompleted)
            {
                return await running.ConfigureAwait(false);
            }

            // The body without its tree is not waited for long, and an exception of it is the signal's doing.
            await root.EndAsync().ConfigureAwait(false);
            await ((Task)running).WaitAsync(s_bodyTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await signalled.Task.ConfigureAwait(false);
        }
    }
}
