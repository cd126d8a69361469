using System.Reflection;
using System.Runtime;

namespace Mitogen.Bootstrap;

/// <summary>What the agent calls: stands in until the link's side of it is there.</summary>
internal static class ManagedContext
{
#pragma warning disable IL3000 // The agent runs on CoreCLR only.
    internal static int Run(string[] args)
    {
        if (args.Contains(AgentLaunch.IsolatedOption))
        {
            StagedSet set = StagedSet.TakeOver(AppContext.BaseDirectory);
            Console.WriteLine($"staged {string.Join(' ', set.Assemblies)}");
        }

        Console.WriteLine($"args {string.Join(' ', args)}");
        Console.WriteLine($"base {AppContext.BaseDirectory} exists {Directory.Exists(AppContext.BaseDirectory)}");
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Console.WriteLine($"{assembly.GetName().Name} {assembly.Location}");
        }

        Console.WriteLine($"methods {JitInfo.GetCompiledMethodCount()}");
        return 0;
    }
#pragma warning restore IL3000
}
