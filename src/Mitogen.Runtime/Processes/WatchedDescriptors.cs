namespace Mitogen.Processes;

/// <summary>The descriptors of one transport, as a poller watches them. Its owner guards it.</summary>
/// <remarks>
/// A copy of a descriptor that another process has keeps the file open, and epoll(7) watches files: so whoever closes one of these
/// descriptors ends the watch before.
/// </remarks>
internal sealed class WatchedDescriptors(IPoller poller, ulong token, Descriptor read, Descriptor write)
{
    private const PollEvents Reading = PollEvents.Readable | PollEvents.PeerClosed | PollEvents.OnChange;

    private readonly bool _isOne = ReferenceEquals(read, write);
    private bool _watchesWrite;
    private bool _wantsRoom;
    private bool _isPaused;

    public void Begin()
    {
        using Descriptor.Lease fd = read.Use();
        poller.Add(fd.Fd, Reading, token);
    }

    public void Pause(bool isPaused)
    {
        _isPaused = isPaused;
        WatchRead();
    }

    public void WantRoom(bool wanted)
    {
        _wantsRoom = wanted;
        if (_isOne)
        {
            WatchRead();
            return;
        }

        PollEvents events = PollEvents.OnChange | (wanted ? PollEvents.Writable : PollEvents.None);
        using Descriptor.Lease fd = write.Use();
        if (_watchesWrite)
        {
            poller.Change(fd.Fd, events, token);
        }
        else if (wanted)
        {
            poller.Add(fd.Fd, events, token);
            _watchesWrite = true;
        }
    }

    private void WatchRead()
    {
        PollEvents events = (_isPaused ? PollEvents.OnChange : Reading) | (_isOne && _wantsRoom ? PollEvents.Writable : PollEvents.None);
        using Descriptor.Lease fd = read.Use();
        poller.Change(fd.Fd, events, token);
    }

    public void EndWriting()
    {
        if (_watchesWrite)
        {
            _watchesWrite = false;
            using Descriptor.Lease fd = write.Use();
            poller.Remove(fd.Fd);
        }
    }

    public void End()
    {
        using (Descriptor.Lease fd = read.Use())
        {
            poller.Remove(fd.Fd);
        }

        EndWriting();
    }
}
