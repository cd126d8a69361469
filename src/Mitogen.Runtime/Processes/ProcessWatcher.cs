using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// One thread, <c>mitogen-watch</c>, waits for the exit and the standard error of all children of this process. It starts with
/// the first child and ends after the last. The children's line callbacks run on it: what blocks there blocks all of them.
/// </summary>
internal static class ProcessWatcher
{
    private const int PollsPerChild = 2;

    private static readonly Lock s_gate = new();
    private static readonly List<ChildProcess> s_children = []; // under s_gate
    private static Descriptor? s_wake;                          // under s_gate; there as long as the thread is

    public static void Add(ChildProcess child)
    {
        lock (s_gate)
        {
            if (s_wake is { } wake)
            {
                s_children.Add(child);
                wake.Signal();
                return;
            }

            Descriptor created = Descriptor.Event();
            try
            {
                _ = OwnThread.Start("mitogen-watch", () => Run(created));
            }
            catch
            {
                created.Dispose();
                throw;
            }

            s_wake = created;
            s_children.Add(child);
        }
    }

    private static void Run(Descriptor wake)
    {
        byte[] buffer = new byte[16 * 1024];
        PollDescriptor[] polled = [];
        while (true)
        {
            ChildProcess[] children;
            lock (s_gate)
            {
                if (s_children.Count == 0)
                {
                    s_wake = null;
                    wake.Dispose();
                    return;
                }

                children = [.. s_children];
            }

            int needed = 1 + PollsPerChild * children.Length;
            if (polled.Length < needed)
            {
                polled = new PollDescriptor[2 * needed];
            }

            Wait(wake, children, polled.AsSpan(0, needed));

            for (int i = 0; i < children.Length; i++)
            {
                if (children[i].Advance(polled.AsSpan(1 + PollsPerChild * i, PollsPerChild), buffer))
                {
                    lock (s_gate)
                    {
                        s_children.Remove(children[i]);
                    }
                }
            }
        }
    }

    private static unsafe void Wait(Descriptor wake, ChildProcess[] children, Span<PollDescriptor> polled)
    {
        using Descriptor.Lease wakeFd = wake.Use();
        polled[0] = new PollDescriptor(wakeFd.Fd, Libc.PollIn);
        int timeout = -1;
        for (int i = 0; i < children.Length; i++)
        {
            children[i].Poll(polled.Slice(1 + PollsPerChild * i, PollsPerChild));
            int wanted = children[i].PollTimeout();
            if (wanted >= 0 && (timeout < 0 || wanted < timeout))
            {
                timeout = wanted;
            }
        }

        fixed (PollDescriptor* first = polled)
        {
            if (Libc.Poll(first, (nuint)polled.Length, timeout) < 0)
            {
                foreach (ref PollDescriptor entry in polled)
                {
                    entry.Returned = 0; // interrupted: nothing is known, and the next round asks again
                }

                return;
            }
        }

        if (polled[0].Ready)
        {
            ulong count;
            _ = Libc.Read(wakeFd.Fd, (byte*)&count, sizeof(ulong));
        }
    }
}
