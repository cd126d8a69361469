using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Interop;

/// <summary>A descriptor that is closed once.</summary>
internal sealed class ProcessHandle : SafeHandle
{
    public ProcessHandle()
        : base(-1, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>The number. Whoever uses it holds a reference, or knows that nobody closes it meanwhile.</summary>
    public int Number => (int)handle;

    /// <summary>Takes over a descriptor that a call of the C library gave.</summary>
    /// <exception cref="IOException">The call failed.</exception>
    public static ProcessHandle Own(int fd, string call)
    {
        if (fd < 0)
        {
            throw ProcessLibc.Error(call);
        }

        ProcessHandle owned = new();
        owned.SetHandle(fd);
        return owned;
    }

    /// <summary>A pipe, neither end of which another program inherits.</summary>
    public static unsafe (ProcessHandle Reading, ProcessHandle Writing) Pipe()
    {
        int* ends = stackalloc int[2];
        if (ProcessLibc.Pipe(ends, ProcessLibc.CloseOnExec) != 0)
        {
            throw ProcessLibc.Error("pipe");
        }

        return (Own(ends[0], "pipe"), Own(ends[1], "pipe"));
    }

    protected override bool ReleaseHandle() => ProcessLibc.Close((int)handle) == 0;
}
