namespace Mitogen.Multiplexing;

/// <summary>Something that has frames to send on a link and takes turns with others.</summary>
internal abstract class Outlet
{
    /// <summary>Whether it waits in a link's ring. Owned by <see cref="LinkSender"/>.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Writes one frame.</summary>
    /// <param name="room">Where to write it.</param>
    /// <param name="more">Whether it has another frame to send now.</param>
    /// <returns>The bytes written; 0 with <paramref name="more"/> when the next frame wants more room.</returns>
    public abstract int WriteFrame(Span<byte> room, out bool more);
}
