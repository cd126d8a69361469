namespace Mitogen.Processes;

/// <summary>Both sides of a child's standard error: a pipe, or a terminal that the child opens itself.</summary>
internal readonly record struct ErrorEnds(Descriptor Ours, Descriptor? Child, PseudoTerminal? Terminal)
{
    public static ErrorEnds Open(bool terminal)
    {
        if (terminal)
        {
            var opened = PseudoTerminal.Open();
            return new ErrorEnds(opened.Master, null, opened);
        }

        (Descriptor read, Descriptor write) = Descriptor.Pipe();
        return new ErrorEnds(read, write, null);
    }
}
