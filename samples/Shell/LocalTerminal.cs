using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Shell;

/// <summary>The terminal that this program runs in. Raw: each key goes to the other side, Ctrl-C too.</summary>
internal sealed unsafe partial class LocalTerminal : IDisposable
{
    private const int Now = 0;                 // TCSANOW
    private const int SettingsSize = 128;      // struct termios has 60 bytes
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    private readonly byte[] _settings;

    private LocalTerminal(byte[] settings) => _settings = settings;

    /// <summary>Standard input as it is: that of <see cref="Console"/> would read whole lines.</summary>
    public static Stream Input => new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    public static (int Columns, int Rows) Size
    {
        get
        {
            ushort* size = stackalloc ushort[4]; // rows, columns, and both in pixels
            return Control(0, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : (80, 24);
        }
    }

    /// <returns>The terminal, raw until it is disposed; <see langword="null"/> if standard input or output is none.</returns>
    public static LocalTerminal? Open()
    {
        byte[] settings = new byte[SettingsSize];
        fixed (byte* start = settings)
        {
            if (Console.IsOutputRedirected || GetSettings(0, start) != 0)
            {
                return null;
            }

            byte* raw = stackalloc byte[SettingsSize];
            settings.CopyTo(new Span<byte>(raw, SettingsSize));
            MakeRaw(raw);
            return SetSettings(0, Now, raw) == 0 ? new LocalTerminal(settings) : null;
        }
    }

    public void Dispose()
    {
        fixed (byte* start = _settings)
        {
            _ = SetSettings(0, Now, start);
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetSettings(int fd, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetSettings(int fd, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* settings);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int fd, nuint request, void* argument);
}
