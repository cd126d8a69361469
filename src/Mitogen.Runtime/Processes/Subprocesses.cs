using System.Diagnostics;
using System.Globalization;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// The processes that this one started, directly or not, and did not set free. Free is what left our session (<c>setsid</c>) and has none of
/// our outputs as its standard streams: a daemon, which is to outlive whoever started it.
/// </summary>
internal static class Subprocesses
{
    // Between two looks at who is left.
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    private const int Init = 1;

    // A process that is killed may have started another one before it went.
    private const int KillRounds = 10;

    /// <summary>Ends them: asks all with SIGTERM, and kills those that are there after <paramref name="patience"/>. Blocks for about that long at most.</summary>
    public static void End(TimeSpan patience)
    {
        Stopwatch clock = Stopwatch.StartNew();
        if (patience > TimeSpan.Zero)
        {
            HashSet<int> asked = [];
            while (Find() is { Count: > 0 } left && clock.Elapsed < patience)
            {
                foreach (int id in left.Where(asked.Add))
                {
                    _ = Libc.SendSignal(id, Libc.Terminate);
                }

                Thread.Sleep(s_step);
            }
        }

        for (int i = 0; i < KillRounds && Find() is { Count: > 0 } left; i++)
        {
            bool any = false;
            foreach (int id in left)
            {
                any |= Libc.SendSignal(id, Libc.Kill) == 0;
            }

            if (!any)
            {
                return; // all are of another user: closed streams are all that these get
            }

            Thread.Sleep(s_step);
        }
    }

    /// <summary>Their numbers; none where <c>/proc</c> does not tell.</summary>
    internal static IReadOnlyList<int> Find()
    {
        Dictionary<int, ProcessStatus> all = ProcessStatus.ReadAll().ToDictionary(p => p.Id);
        if (!all.TryGetValue(Environment.ProcessId, out ProcessStatus self))
        {
            return [];
        }

        // Tools that started this process share its session and its standard error. So may a whole terminal, where a program started the shell of
        // a StreamConnection as its own child.
        HashSet<int> above = [];
        for (int id = self.Parent; above.Add(id) && all.TryGetValue(id, out ProcessStatus parent); id = parent.Parent)
        {
        }

        HashSet<string> outputs = [.. OutputsOf(self.Id)];
        return
        [
            .. from process in all.Values
               where process.Id != self.Id && !process.IsZombie && !above.Contains(process.Id) && process.Started >= self.Started && !IsOthers(process)
               where IsInSession(process, self) || OutputsOf(process.Id).Any(outputs.Contains)
               select process.Id,
        ];

        bool IsInSession(ProcessStatus process, ProcessStatus self) => self.Session != 0
            ? process.Session == self.Session
            : process.Session == 0 && StarterOf(process) == self.Id; // any leader outside of our pid namespace: then the parents tell

        // Processes that those who started us in our session started beside us are theirs. One that its own parent left is init's, or
        // another reaper's.
        bool IsOthers(ProcessStatus process) =>
            StarterOf(process) is { } id && id != self.Id && id != Init && all[id].Session == self.Session;

        // The first of its parents that is this process or one above it.
        int? StarterOf(ProcessStatus process)
        {
            for (int steps = 0; steps < all.Count; steps++)
            {
                if (process.Parent == self.Id || above.Contains(process.Parent))
                {
                    return all.ContainsKey(process.Parent) ? process.Parent : null;
                }

                if (!all.TryGetValue(process.Parent, out process))
                {
                    return null;
                }
            }

            return null;
        }
    }

    /// <summary>The pipes, sockets and terminals that are a process's standard output and error. Files say nothing of who opened them.</summary>
    private static IEnumerable<string> OutputsOf(int id)
    {
        for (int fd = 1; fd <= 2; fd++)
        {
            string? target;
            try
            {
                target = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/fd/{fd}")).LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // it is gone, or another user's
            }

            if (target is not null && (target.StartsWith("pipe:[", StringComparison.Ordinal) || target.StartsWith("socket:[", StringComparison.Ordinal)))
            {
                yield return target;
            }
        }
    }
}
