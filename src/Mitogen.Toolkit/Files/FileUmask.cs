namespace Mitogen.Toolkit.Files;

/// <summary>The permissions that new entries of this process do not have.</summary>
internal static class FileUmask
{
    private const uint Usual = 0x12; // -----w--w-

    /// <summary>Read from the kernel: the call for it sets another one for a moment, which other threads would see.</summary>
    public static uint Current
    {
        get
        {
            try
            {
                foreach (string line in File.ReadLines("/proc/self/status"))
                {
                    if (line.StartsWith("Umask:", StringComparison.Ordinal))
                    {
                        return Convert.ToUInt32(line[6..].Trim(), 8);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                // Without /proc it is not known.
            }

            return Usual;
        }
    }
}
