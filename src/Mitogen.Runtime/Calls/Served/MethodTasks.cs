using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// Awaits the task of a method, and ends its call with that, whatever happens: so nobody has to wait for these tasks. Nothing that they await
/// ends more than the call: as a task, because what a task source throws when it is awaited itself is thrown on a pool thread, where nothing
/// catches it.
/// </summary>
internal static class MethodTasks
{
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
    public static async Task EndAsync(DispatchedCall call, ValueTask task)
    {
        try
        {
            await task.AsTask().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            call.Fail(e);
            return;
        }

        call.Return();
    }

    public static async Task EndAsync<T>(DispatchedCall call, ValueTask<T> task, ResultWriter<T> writer)
    {
        T result;
        try
        {
            result = await task.AsTask().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            call.Fail(e);
            return;
        }

        call.Return(result, writer);
    }
#pragma warning restore CA1031
}
