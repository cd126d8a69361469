namespace Mitogen.Generators.Tests.Harness;

/// <summary>Runs code on as little stack as a compiler has anywhere.</summary>
internal static class SmallStack
{
    private const int Size = 1024 * 1024;

    public static T Run<T>(Func<T> code)
    {
        T result = default!;
        Exception? error = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    result = code();
                }
                catch (Exception e)
                {
                    error = e;
                }
            },
            Size);
        thread.Start();
        thread.Join();
        return error is null ? result : throw new InvalidOperationException("The code on the small stack failed.", error);
    }
}
