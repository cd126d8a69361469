using System.Reflection;
using System.Runtime;

namespace Mitogen.Bootstrap;

/// <summary>What the agent calls: stands in until the link's side of it is there.</summary>
internal static class ManagedContext
{
#pragma warning disable IL3000 // The agent runs on CoreCLR only.
    internal static int Run(string[] args)
    {
        Console.WriteLine($"args {string.Join(' ', args)}");
        Console.WriteLine($"base {AppContext.BaseDirectory}");
        Console.WriteLine($"methods {JitInfo.GetCompiledMethodCount()}");
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Console.WriteLine($"{assembly.GetName().Name} {assembly.Location}");
        }

        return 0;
    }
#pragma warning restore IL3000
}
