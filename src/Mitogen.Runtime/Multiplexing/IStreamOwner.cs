namespace Mitogen.Multiplexing;

/// <summary>The things that a stream needs of the context that it ends in. Guarded by the hub's lock, as the stream is.</summary>
internal interface IStreamOwner
{
    /// <summary>The context's id.</summary>
    uint Self { get; }

    KernelOptions Options { get; }

    /// <summary>A stream is closed: its id is free of it and its slot goes to the next that waits.</summary>
    void Forget(MuxStream stream);
}
