using System.ComponentModel;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Stands for the result of a method that has none. For generated code and the runtime only.</summary>
/// <remarks>There is no instance. It is a class, so that calls without a result share the code of those whose result is one.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NoResult
{
    private NoResult()
    {
    }
}

/// <summary>Reads a result. For generated code and the runtime only.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="reader">The reader, at the result's first byte.</param>
/// <returns>The result.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate T ResultReader<T>(ref MemoryPackReader reader);

/// <summary>Writes a result. For generated code and the runtime only.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="writer">The writer to append to.</param>
/// <param name="value">The result.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void ResultWriter<T>(ref MemoryPackWriter<CallBuffer> writer, T value);

/// <summary>One call that a proxy makes. For generated code and the runtime only.</summary>
/// <remarks>Used once: after a method that sends or refuses it, the instance belongs to the runtime again.</remarks>
/// <typeparam name="T">The result's type; <see cref="NoResult"/> where there is none.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OutgoingCall<T>
{
    /// <summary>Opens the writer for the arguments.</summary>
    /// <returns>A writer, to be given to <see cref="EndArguments"/>.</returns>
    public abstract MemoryPackWriter<CallBuffer> BeginArguments();

    /// <summary>Flushes the arguments.</summary>
    /// <param name="writer">The writer that <see cref="BeginArguments"/> returned.</param>
    public abstract void EndArguments(ref MemoryPackWriter<CallBuffer> writer);

    /// <summary>Gives the call up because its arguments could not be written.</summary>
    /// <param name="error">The exception of the failure.</param>
    /// <returns>The exception to throw or to fault the returned task with.</returns>
    public abstract Exception Refuse(Exception error);

    /// <summary>Sends the call and blocks this thread until it ended. Needs no pool thread.</summary>
    /// <param name="cancellationToken">Ends the wait and tells the callee to cancel.</param>
    /// <returns>The result.</returns>
    public abstract T Invoke(CancellationToken cancellationToken);

    /// <summary>Sends the call.</summary>
    /// <param name="cancellationToken">Ends the call here and tells the callee to cancel.</param>
    /// <returns>A task, to be awaited once, that completes with the result.</returns>
    public abstract ValueTask<T> InvokeAsync(CancellationToken cancellationToken);

    /// <summary>Sends a call that has no result.</summary>
    /// <param name="cancellationToken">Ends the call here and tells the callee to cancel.</param>
    /// <returns>A task, to be awaited once, that completes when the method did.</returns>
    public abstract ValueTask InvokeVoidAsync(CancellationToken cancellationToken);

    /// <summary>Sends the call without waiting for an answer.</summary>
    public abstract void Post();

    /// <summary>Writes what stands for a progress parameter. Between <see cref="BeginArguments"/> and <see cref="EndArguments"/>.</summary>
    /// <typeparam name="TReport">A report's type.</typeparam>
    /// <param name="writer">The writer that <see cref="BeginArguments"/> returned.</param>
    /// <param name="progress">Takes the reports, one after the other, all before the call completes; may be <see langword="null"/>.</param>
    /// <param name="reader">Reads a report.</param>
    public abstract void WriteProgress<TReport>(
        ref MemoryPackWriter<CallBuffer> writer, IProgress<TReport>? progress, ResultReader<TReport> reader);

    /// <summary>Sends a call of the shape <see cref="MethodShape.Streaming"/>; <typeparamref name="T"/> is an item.</summary>
    /// <param name="cancellationToken">Ends the stream here and tells the callee to cancel.</param>
    /// <returns>The items. Disposing it ends the call.</returns>
    public abstract IAsyncEnumerator<T> Enumerate(CancellationToken cancellationToken);

    /// <summary>Sends a call of the shape <see cref="MethodShape.Promising"/>.</summary>
    /// <returns>Where calls on the promised object go, from now on.</returns>
    public abstract CallTarget Promise();
}
