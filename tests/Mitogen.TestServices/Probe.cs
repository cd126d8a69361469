using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Mitogen.TestContracts;
using Mitogen.TestLibrary;

namespace Mitogen.TestServices;

[RemoteService]
internal sealed class Probe(IRemoteContext self) : IProbe
{
    public Task<string> EchoAsync(string text) => Task.FromResult(text);

    public Task<Whereabouts> WhereAsync()
    {
        List<string> names = [];
        for (IRemoteContext? context = self; context is not null; context = context.Parent)
        {
            names.Insert(0, context.Name);
        }

        string title = File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
        return Task.FromResult(new Whereabouts([.. names], self.Id, Environment.ProcessId, title, AppContext.BaseDirectory));
    }

    public async Task<Whereabouts> FromAChildOfYoursAsync(bool isolated)
    {
        await using IRemoteContext child = await self.ConnectAsync(new LocalConnection { Name = "inner", Isolated = isolated });
        return await child.Get<IProbe>().WhereAsync();
    }

    public Task<int> CountJittedOfLibraryAsync() => Task.FromResult(CountJittedBy(OfLibrary()));

    public Task<int> CountJittedOfServiceAsync() => Task.FromResult(CountJittedBy(Double));

    public Task<LoadedAssembly[]> AssembliesAsync() => Task.FromResult<LoadedAssembly[]>(
        [.. AssemblyLoadContext.Default.Assemblies.Select(assembly => new LoadedAssembly(assembly.GetName().Name!, assembly.Location))]);

    public Task<string[]> OpenFilesAsync() => Task.FromResult<string[]>(
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "")]);

    private static int CountJittedBy(Func<int, int> run)
    {
        long before = JitInfo.GetCompiledMethodCount(currentThread: true);
        _ = run(10);
        return (int)(JitInfo.GetCompiledMethodCount(currentThread: true) - before);
    }

    /// <summary>In a method of its own: jitting it loads the library.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<int, int> OfLibrary() => Arithmetic.Run;

    private static int Double(int n) => n + n;
}
