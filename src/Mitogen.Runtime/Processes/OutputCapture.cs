using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>Reads a pipe as lines on a thread of its own, <c>mitogen-stdout</c>, where the callback runs too.</summary>
internal sealed class OutputCapture
{
    private readonly LinePump _lines;
    private readonly Descriptor _stop = Descriptor.Event();
    private readonly Thread _thread;

    /// <summary>Takes over the pipe.</summary>
    public OutputCapture(Descriptor pipe, Action<string> onLine)
    {
        _lines = new LinePump(pipe, onLine);
        _thread = OwnThread.Start("mitogen-stdout", Run);
    }

    /// <summary>
    /// Waits for the end of the pipe, or until the time is up if somebody still holds it: then it takes what lies in the pipe.
    /// All lines were delivered when this returns, the unterminated last one included, unless the callback itself hangs.
    /// </summary>
    public void Finish(TimeSpan timeout)
    {
        if (!_thread.Join(timeout))
        {
            _stop.Signal();
            if (!_thread.Join(timeout))
            {
                return; // the thread still uses its descriptors
            }
        }

        _stop.Dispose();
    }

    private void Run()
    {
        byte[] buffer = new byte[16 * 1024];
        while (WaitForBytes() && _lines.Read(buffer))
        {
            // Read delivers.
        }

        _lines.Finish(buffer);
    }

    /// <summary>False when told to stop.</summary>
    private unsafe bool WaitForBytes()
    {
        using Descriptor.Lease stop = _stop.Use();
        PollDescriptor* polled = stackalloc PollDescriptor[2] { new(_lines.Polled, Libc.PollIn), new(stop.Fd, Libc.PollIn) };
        while (Libc.Poll(polled, 2, -1) <= 0)
        {
            // Interrupted.
        }

        return !polled[1].Ready;
    }
}
