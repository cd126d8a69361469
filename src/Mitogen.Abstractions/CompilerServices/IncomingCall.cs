using System.ComponentModel;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>One call that a dispatcher runs. For generated code and the runtime only.</summary>
/// <remarks>A dispatcher reads the arguments, calls the method, and ends with exactly one <c>Return</c> method or an exception.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class IncomingCall
{
    /// <summary>Is cancelled when the caller cancels, its deadline passes, or it is lost.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>Opens the reader for the arguments.</summary>
    /// <returns>A reader, to be given to <see cref="EndArguments"/>.</returns>
    public abstract MemoryPackReader BeginArguments();

    /// <summary>Ends the reading; throws if not all bytes were consumed.</summary>
    /// <param name="reader">What <see cref="BeginArguments"/> returned.</param>
    public abstract void EndArguments(ref MemoryPackReader reader);

    /// <summary>The method ended without a result.</summary>
    public abstract void Return();

    /// <summary>The method ended with a result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="value">The result.</param>
    /// <param name="writer">Writes it.</param>
    public abstract void Return<T>(T value, ResultWriter<T> writer);

    /// <summary>The method returned a task; the call ends when that does.</summary>
    /// <param name="task">The task.</param>
    public abstract void ReturnAsync(ValueTask task);

    /// <summary>The method returned a task; the call ends with its result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="task">The task.</param>
    /// <param name="writer">Writes the result.</param>
    public abstract void ReturnAsync<T>(ValueTask<T> task, ResultWriter<T> writer);
}
