namespace Mitogen.Package.Tests.Feed;

/// <summary>An assembly with code that was compiled ahead of time.</summary>
internal static class ReadyToRunImage
{
    public const int X64 = 0x8664;
    public const int Arm64 = 0xAA64;

    // The header has the machine's number, exclusive or'ed with that of the system.
    private const int Linux = 0x7B79;

    /// <summary>The machine that the code is for.</summary>
    public static int MachineOf(byte[] image) => BitConverter.ToUInt16(image, BitConverter.ToInt32(image, 0x3C) + 4) ^ Linux;
}
