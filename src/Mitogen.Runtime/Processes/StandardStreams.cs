namespace Mitogen.Processes;

/// <summary>
/// Turns the standard input and output that this process was started with into its link, and puts others in their place: nothing
/// to read, and a pipe whose lines come back to us, for this process and for those that it starts. Standard error stays
/// as it is, so that the last words of a crash reach the parent.
/// </summary>
/// <remarks>Must come before the first use of <see cref="Console.Out"/>, which keeps a copy of descriptor 1.</remarks>
internal sealed class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int ReadOnly = 0;   // O_RDONLY
    private const int WriteOnly = 1;  // O_WRONLY

    private readonly OutputCapture _capture;
    private readonly string? _pipeName;
    private int _ended;

    private StandardStreams(DescriptorTransport transport, OutputCapture capture)
    {
        Transport = transport;
        _capture = capture;
        _pipeName = Descriptor.Target(Output);
    }

    /// <summary>The link; its owner is whoever takes it from here.</summary>
    public DescriptorTransport Transport { get; }

    /// <param name="outputLine">Each line written to standard output; called on a thread of its own and must not throw.</param>
    public static StandardStreams Take(Action<string> outputLine)
    {
        var transport = new DescriptorTransport(Descriptor.Copy(Input), Descriptor.Copy(Output));
        using (Descriptor nothing = Descriptor.Open("/dev/null", ReadOnly))
            Replace(Input, nothing);

        (Descriptor read, Descriptor write) = Descriptor.Pipe();
        using (write)
            Replace(Output, write);
        return new StandardStreams(transport, new OutputCapture(read, outputLine));
    }

    /// <summary>
    /// Ends the capture: what is written from now on is lost, what was written before has been delivered when this returns. Waits no
    /// longer than <paramref name="timeout"/> for processes that still hold the output.
    /// </summary>
    public void End(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        using (Descriptor nothing = Descriptor.Open("/dev/null", WriteOnly))
        {
            ReplaceCopies(nothing);
            Replace(Output, nothing);
        }

        _capture.Finish(timeout);
    }

    /// <summary>Without the flag close-on-exec: subprocesses get it too.</summary>
    private static void Replace(int standard, Descriptor by)
    {
        using Descriptor.Lease fd = by.Use();
        if (Libc.Duplicate(fd.Fd, standard) < 0)
            throw Libc.Error("dup2");
    }

    /// <summary>The console's own copies of the pipe would hold it open; its reading end, which is ours, has the same name.</summary>
    private void ReplaceCopies(Descriptor nothing)
    {
        using Descriptor.Lease by = nothing.Use();
        foreach (int fd in Descriptor.OpenNumbers())
        {
            if (fd > Output && Descriptor.Target(fd) == _pipeName && IsWritable(fd))
                _ = Libc.Duplicate(by.Fd, fd, Libc.CloseOnExec); // fails only if closed meanwhile: then it holds nothing
        }
    }

    private static bool IsWritable(int fd) => (Libc.Control(fd, Libc.GetStatusFlags, 0) & Libc.AccessMode) == WriteOnly;
}
