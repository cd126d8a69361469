namespace Mitogen.Multiplexing;

/// <summary>What moves a link's bytes.</summary>
internal interface ILinkDriver
{
    /// <summary>
    /// The link has something to send. Called under the kernel's lock: the implementation only takes note and wakes whoever
    /// writes.
    /// </summary>
    void Wake();
}
