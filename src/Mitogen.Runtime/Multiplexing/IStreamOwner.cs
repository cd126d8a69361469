namespace Mitogen.Multiplexing;

/// <summary>The services that a stream needs of the context that it ends in. Not thread-safe, as the stream is not: both have one owner, which guards them.</summary>
internal interface IStreamOwner
{
    /// <summary>The context's id.</summary>
    uint Self { get; }

    KernelOptions Options { get; }

    /// <summary>A stream is closed: its id is free of it and its slot goes to the next that waits.</summary>
    void Forget(MuxStream stream);
}
