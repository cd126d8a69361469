namespace Mitogen.Multiplexing;

/// <summary>The end of a link that streams send by. Everything in it is guarded by the hub's lock.</summary>
internal abstract class LinkEnd
{
    public LinkSender Sender { get; } = new();

    /// <summary>How much larger than their initial size the windows are that this context granted on the link.</summary>
    public long ExtraCredit { get; set; }

    /// <summary>Streams that this context opened on the link and that hold a slot.</summary>
    public int OpenStreams { get; set; }

    /// <summary>Streams that wait for a slot, with the id each had when it began to wait.</summary>
    public Queue<(MuxStream Stream, ulong Id)> WaitingOpens { get; } = new();

    public bool IsClosed { get; set; }

    /// <summary>Who moves the bytes; set before the link is added to a kernel.</summary>
    public ILinkDriver Driver { get; set; } = null!;

    /// <summary>Tells who writes the link's bytes that there are some.</summary>
    public void Wake()
    {
        if (!IsClosed)
        {
            Driver.Wake();
        }
    }
}
