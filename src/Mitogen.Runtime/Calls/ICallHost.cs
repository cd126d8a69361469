using Mitogen.CompilerServices;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>The context, as its calls need it.</summary>
internal interface ICallHost
{
    /// <summary>The context's path, for messages.</summary>
    string Path { get; }

    /// <summary>Whether a context is this one or one above it, which gets and may say everything.</summary>
    bool IsAbove(uint context);

    /// <summary>Finds a contract's method.</summary>
    /// <returns>The method; <see langword="null"/> if the program has none such.</returns>
    RemoteMethod? FindMethod(in HubLock locked, ulong contract, uint method);

    /// <summary>
    /// Whether a context may call this one's services for a contract at all: those above may call all, those below what the runtime does
    /// for them.
    /// </summary>
    bool MayCallService(in HubLock locked, uint caller, ulong contract);

    /// <summary>Finds who serves a call, or says why nobody does.</summary>
    /// <param name="caller">The calling context; the routes vouch for it.</param>
    /// <param name="contract">The contract's id.</param>
    /// <returns>The contract and what creates or holds the object.</returns>
    /// <exception cref="Exception">Nobody does: the exception goes to the caller.</exception>
    ServiceTarget Resolve(uint caller, ulong contract);

    /// <summary>Another context is gone; its streams have been told.</summary>
    void OnContextGone(in HubLock locked, uint id, DisconnectReason reason);

    /// <summary>A neighbour ends its link in order.</summary>
    void OnGoodbye(in HubLock locked, Link link, TimeSpan grace);

    /// <summary>A frame was dropped.</summary>
    void OnDropped(in HubLock locked, Link link, in FrameHeader header, string why);

    /// <summary>Whether the object is one of the context's services, which releases leave as they are.</summary>
    bool IsService(object instance);

    /// <summary>The gate that lets calls into an exclusive service; <see langword="null"/> for every other object.</summary>
    ExclusiveGate? ExclusiveGateOf(object instance);

    /// <summary>A call that promised an object failed, and nobody used the promise.</summary>
    void OnPromiseFailed(RemoteMethod method, Exception error);

    /// <summary>A one-way call failed: nobody else hears of it.</summary>
    void OnOneWayFailed(RemoteMethod method, Exception error);

    /// <summary>One-way calls of a contract had not ended when the context that they went to did.</summary>
    void OnPostsLost(string path, string contract, int count);

    /// <summary>Calls to another context wait for a slot, and none got one for long.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="path">The other context.</param>
    /// <param name="wait">How many wait, and for how long.</param>
    /// <param name="oldest">The calls that have had a slot the longest, and for how long.</param>
    void OnCallsWait(in HubLock locked, string path, in SlotWait wait, string oldest);

    /// <summary>Calls wait because the method of the one before them has not returned its task for long.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="method">The method.</param>
    /// <param name="time">For how long it has run.</param>
    /// <param name="waiting">How many wait at least.</param>
    void OnCallsHeldUp(in HubLock locked, RemoteMethod method, TimeSpan time, int waiting);

    /// <summary>Another context did not take references back.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="path">The other context.</param>
    /// <param name="count">How many releases failed since the last time.</param>
    /// <param name="error">The exception that the last one failed with; <see langword="null"/>: it was told before.</param>
    void OnReleasesFailed(in HubLock locked, string path, int count, Exception? error);

    /// <summary>A callback failed that a method registered on its cancellation token.</summary>
    void OnCallbackFailed(Exception error);

    /// <summary>Something of the runtime's own failed that nobody waits for. Called on any thread, with the lock or without.</summary>
    void OnFailure(Exception error);
}
