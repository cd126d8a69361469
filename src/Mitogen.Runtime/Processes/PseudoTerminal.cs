using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// Our side of a terminal that a child has as its standard error. As the leader of a new session that opens it, the child also
/// has it as <c>/dev/tty</c>, where many programs ask for passwords whatever their standard input is.
/// </summary>
internal sealed unsafe class PseudoTerminal
{
    private PseudoTerminal(Descriptor master, string path)
    {
        Master = master;
        Path = path;
    }

    public Descriptor Master { get; }

    /// <summary>The path that the child has to open, by itself and before anybody else.</summary>
    public string Path { get; }

    /// <summary>Whether what is typed is not shown; false when the terminal is gone.</summary>
    public bool IsEchoOff
    {
        get
        {
            try
            {
                using Descriptor.Lease fd = Master.Use();
                TerminalSettings settings = default;
                return Libc.GetTerminalSettings(fd.Fd, &settings) == 0 && (settings.LocalFlags & Libc.Echo) == 0;
            }
            catch (ObjectDisposedException)
            {
                return false; // the child let go of it
            }
        }
    }

    /// <exception cref="IOException">There is no terminal left, or none at all in this sandbox.</exception>
    public static PseudoTerminal Open()
    {
        Descriptor master = Descriptor.Own(
            Libc.OpenTerminal(Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec), "posix_openpt");
        try
        {
            using Descriptor.Lease fd = master.Use();
            byte* path = stackalloc byte[64];
            if (Libc.UnlockTerminal(fd.Fd) != 0)
            {
                throw Libc.Error("unlockpt");
            }

            if (Libc.TerminalName(fd.Fd, path, 64) is var error and not 0)
            {
                throw Libc.Error("ptsname_r", error);
            }

            string name = Marshal.PtrToStringUTF8((nint)path)!;

            // By default whoever may write to terminals (write, wall) may print on this one: a text in the place of a prompt.
#pragma warning disable CA1416 // Contexts run on Linux.
            File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416

            // Line ends come as the program writes them.
            TerminalSettings settings = default;
            if (Libc.GetTerminalSettings(fd.Fd, &settings) != 0)
            {
                throw Libc.Error("tcgetattr");
            }

            settings.OutputFlags &= ~Libc.ProcessOutput;
            if (Libc.SetTerminalSettings(fd.Fd, Libc.SetNow, &settings) != 0)
            {
                throw Libc.Error("tcsetattr");
            }

            return new PseudoTerminal(master, name);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Types a secret and the Enter key, if the terminal shows nothing of it.</summary>
    /// <returns>Whether it was typed: false while the echo is on, when nobody asks for a secret, or when the terminal is gone.</returns>
    /// <exception cref="ArgumentException">It has characters that a terminal acts on, or is too long for one line.</exception>
    public bool TryType(Secret secret)
    {
        byte[] line = SecretLine.Of(secret);
        try
        {
            return IsEchoOff && TryWrite(line);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using Descriptor.Lease fd = Master.Use();
            fixed (byte* start = bytes)
            {
                return Libc.Write(fd.Fd, start, bytes.Length) == bytes.Length;
            }
        }
        catch (ObjectDisposedException)
        {
            return false; // the child let go of it
        }
    }
}
