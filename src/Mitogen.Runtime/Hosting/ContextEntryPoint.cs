using System.ComponentModel;
using System.Reflection;
using System.Runtime.Versioning;
using Mitogen.Handshake;
using Mitogen.Hosting;
using Mitogen.Interop;

namespace Mitogen.CompilerServices;

/// <summary>The entry point of an executable that is nothing but a program's contexts. For generated code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ContextEntryPoint
{
    private const int StandardError = 2;
    private const int UsageError = 64; // EX_USAGE of sysexits.h

    /// <summary>Runs the context that this process was started as, to its end.</summary>
    /// <param name="program">The program's assembly, whose module initializer has filled the catalog.</param>
    /// <returns>The process's exit status.</returns>
    [SupportedOSPlatform("linux")]
    public static int Run(Assembly program)
    {
        RemoteCatalog.Default.AddEntryPoint(program); // this executable can be sent on, whatever the program's own entry point does
        if (ContextArguments.NonceOf(Environment.GetCommandLineArgs()) is { } nonce)
        {
            return new ContextProcess(nonce, null).Run();
        }

        Say("This is the executable of a program: it holds the program's contexts, is started by the program, and does nothing else.\n"u8);
        return UsageError;
    }

    // Not by Console, which would be a good part of a small executable.
    private static unsafe void Say(ReadOnlySpan<byte> line)
    {
        fixed (byte* text = line)
        {
            _ = Libc.Write(StandardError, text, line.Length);
        }
    }
}
