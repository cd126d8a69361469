namespace Mitogen;

/// <summary>The choice of the keys by which an ssh server may show who it is.</summary>
public enum HostKeyPolicy
{
    /// <summary>It must be the known one: a key that is unknown or has changed fails the connection.</summary>
    Enforce,

    /// <summary>A host that is not known yet is added to the known ones; a key that has changed fails the connection.</summary>
    AcceptNew,

    /// <summary>Any key will do, and none is remembered. Whoever can answer for the host's address can then read and change
    /// everything: for test machines.</summary>
    Ignore,
}
