namespace Mitogen.Calls;

/// <summary>A link that a blocked thread may read itself for a moment, so that the answer that it waits for wakes no other thread.</summary>
internal interface ILentLink
{
    /// <summary>
    /// Reads on the calling thread until the waiter has what it waits for, something else came, or a moment has passed. Not if another thread
    /// reads.
    /// </summary>
    void ReadFor(BlockingWaiter waiter);

    /// <summary>Ends the reading on another thread; thread-safe, also when that has ended.</summary>
    void Interrupt();
}
