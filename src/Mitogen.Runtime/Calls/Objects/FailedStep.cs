using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>Tells, on an exception that a promise failed with, which step it was: the one that failed first keeps its name.</summary>
internal static class FailedStep
{
    public const string Key = "Mitogen.Step";

    public static void Mark(Exception error, RemoteMethod method, string path)
    {
#pragma warning disable CA1031 // the exception is the user's: what its properties throw must not end the context
        try
        {
            if (!error.Data.Contains(Key))
            {
                error.Data[Key] = $"{method.Name} in context '{path}'";
            }
        }
        catch (Exception)
        {
            // It goes without the step.
        }
#pragma warning restore CA1031
    }
}
