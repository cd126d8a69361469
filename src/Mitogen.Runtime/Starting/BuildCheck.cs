using Mitogen.Connections;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Handshake;

namespace Mitogen.Starting;

/// <summary>Compares the contracts of a new context with those of the context that starts it.</summary>
internal static class BuildCheck
{
    /// <exception cref="StartRefusedException">They are of different builds.</exception>
    internal static void Verify(Hello hello, ContextStart start)
    {
        // A managed context fills its catalog from the same assemblies, after its hello.
        if (hello.Build != 0 && hello.Build != start.Node.Catalog.BuildId)
        {
            throw new StartRefusedException(new(
                BootstrapReason.BuildMismatch,
                $"'{start.Handle.Name}' runs another build of the program: its contracts are {hello.Build:x16}, and those of '{start.Node.Path}' are " +
                $"{start.Node.Catalog.BuildId:x16}. Build the program and its executables anew from one source ('{NativeExecutables.Command}')."));
        }
    }
}
