namespace Mitogen.Processes;

/// <summary>Both sides of a child's standard input and output.</summary>
internal readonly record struct ChildEnds(Descriptor ChildInput, Descriptor ChildOutput, DescriptorTransport Transport)
{
    public static ChildEnds Open(ChildStreams streams)
    {
        if (streams == ChildStreams.Socket)
        {
            (Descriptor ours, Descriptor childs) = Descriptor.SocketPair();
            return new ChildEnds(childs, childs, new DescriptorTransport(ours, ours));
        }

        bool areSockets = streams == ChildStreams.Sockets;
        (Descriptor childInput, Descriptor write) = areSockets ? Descriptor.SocketPair() : Descriptor.Pipe();
        (Descriptor read, Descriptor childOutput) = areSockets ? Descriptor.SocketPair() : Descriptor.Pipe();
        return new ChildEnds(childInput, childOutput, new DescriptorTransport(read, write));
    }
}
