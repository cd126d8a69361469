namespace Mitogen.Calls;

/// <summary>Ends an object of the user's in the way that it knows.</summary>
internal static class Disposal
{
    /// <summary>Disposes the object, asynchronously if it can; one that is not disposable is left alone.</summary>
    public static ValueTask DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
        {
            return asynchronous.DisposeAsync();
        }

        (instance as IDisposable)?.Dispose();
        return default;
    }
}
