using Mitogen.Multiplexing;

namespace Mitogen.Processes;

/// <summary>A transport whose bytes can be waited for together with those of others.</summary>
internal interface IPolledTransport : ILinkTransport
{
    /// <summary>Reads what is there.</summary>
    /// <returns>The number of bytes; 0 at the end of the stream and after an abort; less than 0 where nothing is there now.</returns>
    /// <exception cref="IOException">The stream broke.</exception>
    int TryRead(Span<byte> buffer);

    /// <summary>Lets a poller tell when there is something to read, until the transport is disposed.</summary>
    /// <param name="poller">The poller.</param>
    /// <param name="token">The token that it tells it with.</param>
    /// <param name="onAborted">Called once when the transport is aborted, which the poller may not see.</param>
    /// <exception cref="IOException">
    /// That is not possible with this kind of file, the system has no room for it, or the transport was aborted. It can be read by blocking
    /// calls still.
    /// </exception>
    void WatchReading(IPoller poller, ulong token, Action onAborted);

    /// <summary>Lets the poller tell, once, when something can be written. Comes after <see cref="WatchReading"/>.</summary>
    /// <exception cref="IOException">As for reading.</exception>
    void WatchRoom();

    /// <summary>The poller tells nothing of what there is to read, until <see cref="ResumeReading"/>.</summary>
    void PauseReading();

    /// <summary>The poller tells it again, also of what is there already.</summary>
    void ResumeReading();

    /// <summary>Waits until there is something to read, or the end; false if the time has passed or <see cref="Interrupt"/> came.</summary>
    /// <exception cref="IOException">The system cannot wait.</exception>
    bool WaitReadable(int milliseconds);

    /// <summary>Ends such a wait, or the next one.</summary>
    void Interrupt();

    /// <summary>The poller has told so, and is not to tell it again.</summary>
    void IgnoreRoom();
}
