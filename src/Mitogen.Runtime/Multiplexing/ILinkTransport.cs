namespace Mitogen.Multiplexing;

/// <summary>
/// The bytes under a link. One thread reads and one thread writes at a time (<see cref="Write"/> or <see cref="TryWrite"/>);
/// the other members may be called from any thread, at any time, more than once.
/// </summary>
internal interface ILinkTransport : IDisposable
{
    /// <summary>Blocks until there are bytes, and returns their number: 0 at the end of the stream and after <see cref="Abort"/>.</summary>
    /// <exception cref="IOException">The stream broke.</exception>
    int Read(Span<byte> buffer);

    /// <summary>Blocks until all bytes are taken.</summary>
    /// <exception cref="IOException">The peer is gone, or the writing side was closed or aborted.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Takes as many bytes as fit now, without blocking, and returns their number; 0 if none did.</summary>
    /// <exception cref="IOException">The peer is gone, or the writing side was closed or aborted.</exception>
    int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Lets the peer see the end of the stream once it has read what was written; reading goes on.</summary>
    void CloseWriting();

    /// <summary>Ends both directions: a <see cref="Read"/> or <see cref="Write"/> blocked on another thread returns promptly.</summary>
    void Abort();
}
