using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>How many bytes a pipe takes at once without blocking, where only this process writes to it. Its descriptors stay blocking ones.</summary>
/// <remarks>
/// A pipe is a ring of pages. What is written fills the last page first if it fits there as a whole, and else begins the next one (pipe_write of
/// Linux); the reader takes from the first one. So two pages beside each other hold more than one page together, but for the first and the last.
/// </remarks>
internal sealed unsafe class PipeRoom
{
    /// <summary>The bytes that a pipe which polls writable takes in any case (PIPE_BUF).</summary>
    private const int Least = 4096;

    private readonly int _pages;

    /// <param name="fd">A descriptor for writing.</param>
    public PipeRoom(int fd) => _pages = Libc.Control(fd, Libc.GetPipeSize, 0) / Environment.SystemPageSize;

    /// <summary>The bytes for which there is room, once the pipe polls writable.</summary>
    public int Of(int fd)
    {
        int waiting;
        if (_pages < 2 || Libc.InputOutputControl(fd, Libc.BytesThatWait, &waiting) < 0)
        {
            return Least; // no pipe, or none that tells
        }

        int used = waiting == 0 ? 0 : (2 * ((waiting / Environment.SystemPageSize) + 1)) + 1;
        return Math.Max(Least, (_pages - used) * Environment.SystemPageSize);
    }
}
