namespace Mitogen.Connections;

/// <summary>
/// The way to a shell that a <see cref="CarriedConnection"/> has opened: what the shell reads and writes, and how it ends. Derive from it
/// for a way of your own.
/// </summary>
/// <remarks>
/// One thread of the runtime reads and another one writes; both may block. <see cref="CloseWriting"/> is never called beside
/// <see cref="Write"/>; <see cref="Abort"/> may be called beside all others. These two and <see cref="DisposeAsync"/> are called once at
/// most, in this order, on threads of the pool. An <see cref="IOException"/> of <see cref="Read"/> or <see cref="Write"/> says that the way is
/// broken, any other exception that this code failed; both end the context. An exception of the other members is logged. A member that does
/// not return within seconds of its end is not waited for.
/// </remarks>
public abstract class Carrier : IAsyncDisposable
{
    /// <summary>The exit status of the command that <see cref="CarriedConnection.OpenAsync"/> was given, as a shell has it: 128 + n after
    /// signal n. It faults if nobody can tell any more, as when the connection broke. Asked for once, when the way is open.</summary>
    /// <value>By default <see langword="null"/>: nobody tells.</value>
    public virtual Task<int>? ExitStatus => null;

    /// <summary>Blocks until the shell has written something to its standard output.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <returns>How many bytes there are; 0 at the end, after which nothing is read any more.</returns>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Blocks until all bytes are on their way to the shell's standard input.</summary>
    /// <param name="bytes">The bytes.</param>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Lets the shell see the end of its standard input; reading goes on. Does nothing where that cannot be said.</summary>
    public abstract void CloseWriting();

    /// <summary>Frees the threads that are in <see cref="Read"/> or <see cref="Write"/>: they have to return or throw. It is called only if there
    /// are any; neither is called again.</summary>
    public abstract void Abort();

    /// <summary>Ends what is left of it. The command had the time to end by itself, if it could.</summary>
    /// <returns>A task that completes when nothing is left on this side.</returns>
#pragma warning disable CA1816 // there is no finalizer to suppress, and a deriving class that has one knows
    public abstract ValueTask DisposeAsync();
#pragma warning restore CA1816
}
