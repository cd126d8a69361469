using System.Collections.Concurrent;
using System.Text;
using Mitogen.Interop;
using Mitogen.Processes;

namespace Mitogen.Starting.Tools;

/// <summary>The facts that an <c>ssh</c> tells of itself when it is asked for its configuration (<c>-G</c>).</summary>
internal static class SshProgram
{
    // An answer takes milliseconds; a wrapper that does not know the option may wait for something.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private const int MostBytes = 1024 * 1024;

    // By the program: what a process starts many contexts with is asked once.
    private static readonly ConcurrentDictionary<string, bool> s_hasSessionOptions = new(StringComparer.Ordinal);

    /// <summary>Whether it knows the options StdinNull, SessionType and ForkAfterAuthentication, which came with version 8.7.</summary>
    public static async Task<bool> HasSessionOptionsAsync(string file, CancellationToken cancellationToken)
    {
        if (!s_hasSessionOptions.TryGetValue(file, out bool has))
        {
            has = await ConfigurationAsync(file, ["-G", "-F", "none", "localhost"], cancellationToken).ConfigureAwait(false) is { } configuration
                && configuration.Contains("\nsessiontype ", StringComparison.Ordinal);
            _ = s_hasSessionOptions.TryAdd(file, has);
        }

        return has;
    }

    /// <returns>Its output; <see langword="null"/> if it did not, and then the start itself tells why.</returns>
    public static async Task<string?> ConfigurationAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ChildProcess process;
        try
        {
            process = ChildProcess.Start(new ChildProcessOptions { FileName = file, Arguments = [file, .. arguments], Streams = ChildStreams.Sockets });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        process.Transport.CloseWriting();
        Task<string> output = OwnThread.RunAsync("mitogen-ssh-config", () => ReadAll(process));
        await ((Task)output).WaitAsync(s_patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isWhole = output.IsCompletedSuccessfully;
        await process.EndAsync(isWhole ? s_patience : TimeSpan.Zero).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return isWhole && process.Exited is { IsCompletedSuccessfully: true, Result.Code: 0 } ? await output.ConfigureAwait(false) : null;
    }

    private static string ReadAll(ChildProcess process)
    {
        MemoryStream all = new();
        Span<byte> buffer = stackalloc byte[4096];
        try
        {
            int count;
            while (all.Length < MostBytes && (count = process.Transport.Read(buffer)) > 0)
            {
                all.Write(buffer[..count]);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It was ended because it took too long.
        }

        return Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
    }
}
