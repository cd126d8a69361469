using System.ComponentModel;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>One call that a dispatcher runs. For generated code and the runtime only.</summary>
/// <remarks>A dispatcher reads the arguments, calls the method, and ends with exactly one <c>Return</c> method or an exception.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class IncomingCall
{
    /// <summary>Is cancelled when the caller cancels, its timeout passes, or it is lost.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>Opens the reader for the arguments.</summary>
    /// <returns>A reader, to be given to <see cref="EndArguments"/>.</returns>
    public abstract MemoryPackReader BeginArguments();

    /// <summary>Ends the reading; throws if not all bytes were consumed.</summary>
    /// <param name="reader">The reader that <see cref="BeginArguments"/> returned.</param>
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

    /// <summary>The method returned a task; the call ends when that does.</summary>
    /// <param name="task">The task.</param>
    public virtual void ReturnAsync(Task task) => ReturnAsync(new ValueTask(task));

    /// <summary>The method returned a task; the call ends with its result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="task">The task.</param>
    /// <param name="writer">Writes the result.</param>
    public virtual void ReturnAsync<T>(Task<T> task, ResultWriter<T> writer) => ReturnAsync(new ValueTask<T>(task), writer);

    /// <summary>Reads a progress parameter.</summary>
    /// <typeparam name="T">A report's type.</typeparam>
    /// <param name="reader">The reader that <see cref="BeginArguments"/> returned.</param>
    /// <param name="writer">Writes a report.</param>
    /// <returns>Sends reports to the caller; <see langword="null"/> where the caller gave none.</returns>
    public abstract IProgress<T>? ReadProgress<T>(ref MemoryPackReader reader, ResultWriter<T> writer);

    /// <summary>The method returned a stream of items; the call ends with it.</summary>
    /// <typeparam name="T">An item's type.</typeparam>
    /// <param name="items">The items; enumerated with <see cref="CancellationToken"/>.</param>
    /// <param name="writer">Writes an item.</param>
    public abstract void ReturnItems<T>(IAsyncEnumerable<T> items, ResultWriter<T> writer);

    /// <summary>The method returned the object that its caller holds a promise of.</summary>
    /// <typeparam name="T">The object's contract.</typeparam>
    /// <param name="value">The object.</param>
    /// <param name="contract">The contract.</param>
    public abstract void ReturnPromised<T>(T value, RemoteContract<T> contract)
        where T : class;
}
