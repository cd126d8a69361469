using System.Reflection;
using System.Reflection.Emit;
using Mitogen.Import;

namespace Mitogen.Runtime.Tests.Import;

/// <summary>Assemblies that exist only as bytes, each under a name of its own.</summary>
internal static class TestAssemblies
{
    private static int s_count;

    internal static string NewName() => $"Mitogen.Made{Interlocked.Increment(ref s_count)}";

    internal static byte[] Make(string name)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        _ = assembly.DefineDynamicModule(name).DefineType("Marker", TypeAttributes.Public).CreateType();
        using var stream = new MemoryStream();
        assembly.Save(stream);
        return stream.ToArray();
    }

    internal static CompressedAssembly MakeCompressed(string name) => CompressedAssembly.Compress(name, Make(name));
}
