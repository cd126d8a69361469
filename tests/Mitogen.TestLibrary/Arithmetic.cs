namespace Mitogen.TestLibrary;

public static class Arithmetic
{
    public static int Run(int n) => First(n) + Second(n) + Third(n);

    private static int First(int n) => Sum(n) + 1;

    private static int Second(int n) => Sum(n) + 2;

    private static int Third(int n) => Sum(n) + 3;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int Sum(int n)
    {
        int sum = 0;
        for (int i = 0; i < n; i++)
        {
            sum += i;
        }

        return sum;
    }
}
