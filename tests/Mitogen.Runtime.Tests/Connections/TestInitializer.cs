using System.Runtime.CompilerServices;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Fails in contexts that are started while the variable is set; this process read it before.</summary>
internal static class TestInitializer
{
    public const string Variable = "MITOGEN_TEST_INITIALIZER";

#pragma warning disable CA2255 // it is what is tested
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Run()
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case "throw":
                throw new InvalidOperationException("A module initializer was asked to fail.");
            case "hang":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "exit":
                Environment.Exit(9);
                break;
            default:
                break;
        }
    }
}
