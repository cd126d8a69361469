using Mitogen.Framing;

namespace Mitogen.Multiplexing;

/// <summary>The end of a link that streams send by. Not thread-safe: its owner guards it.</summary>
internal abstract class LinkEnd
{
    public LinkSender Sender { get; } = new();

    /// <summary>How much larger than their initial size the windows are that this context granted on the link.</summary>
    public long ExtraCredit { get; set; }

    /// <summary>How many bytes of control frames may wait; a neighbour that does not take them is cut off.</summary>
    public int MaxControlBytes { get; set; } = int.MaxValue;

    public bool IsClosed { get; set; }

    /// <summary>
    /// The offence of the neighbour that ends the link; nothing is received from it any more. <see langword="null"/> while it keeps the
    /// rules.
    /// </summary>
    public ProtocolBrokenException? Violation { get; private set; }

    /// <summary>Who moves the bytes; set before the link is added to a kernel.</summary>
    public ILinkDriver Driver { get; set; } = null!;

    /// <summary>Sends a frame ahead of all streams.</summary>
    public void SendControl(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (IsClosed || Violation is not null)
        {
            return;
        }

        Sender.AddControl(header, body);
        Wake();
        if (Sender.ControlBytes > MaxControlBytes)
        {
            Cut($"It does not take what is sent to it: more than {MaxControlBytes} bytes of credit, refusals and news wait for it.");
        }
    }

    /// <summary>Tells who writes the link's bytes that there are some.</summary>
    public void Wake()
    {
        if (!IsClosed)
        {
            Driver.Wake();
        }
    }

    /// <summary>The neighbour broke the protocol: nothing more is taken from it, and whoever moves the bytes ends the link.</summary>
    public void Cut(string why)
    {
        if (Violation is null && !IsClosed)
        {
            Violation = new ProtocolBrokenException(why);
            Driver.Cut();
        }
    }
}
