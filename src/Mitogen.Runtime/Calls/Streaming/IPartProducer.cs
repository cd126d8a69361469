namespace Mitogen.Calls;

/// <summary>Who makes the parts of an answer, and goes on under the hub's lock: on the thread that has the news, without one of the pool's.</summary>
internal interface IPartProducer
{
    /// <summary>There is room for a part.</summary>
    void OnRoom(in HubLock locked);

    /// <summary>Nobody wants the answer any more.</summary>
    void OnUnwanted(in HubLock locked);
}
