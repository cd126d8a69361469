namespace Mitogen.Multiplexing;

/// <summary>The code that moves a link's bytes.</summary>
internal interface ILinkDriver
{
    /// <summary>
    /// The link has something to send. Called while the link's owner has it guarded: the implementation only takes note and wakes
    /// whoever writes.
    /// </summary>
    void Wake();

    /// <summary>
    /// The link has a <see cref="LinkEnd.Violation"/> and is to end for it. Called while the link's owner has it guarded, on the thread
    /// of another link among others: the implementation only takes note.
    /// </summary>
    void Cut();
}
