using System.Buffers.Binary;
using System.Text;

namespace Mitogen.Executables;

/// <summary>Reads of an ELF executable what a target must have for it.</summary>
internal static class ElfImage
{
    // Of the ELF header and its program headers, by elf(5), for 64-bit little-endian files.
    private const int ProgramHeadersOffset = 0x20;
    private const int ProgramHeaderSize = 0x36;
    private const int ProgramHeaderCount = 0x38;
    private const int HeaderSize = 0x40;
    private const uint Interpreter = 3; // PT_INTERP

    /// <returns>The path of the loader of the C library it is linked to; <see langword="null"/> if it needs none or is no such file.</returns>
    public static string? LoaderOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize || !file.StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            return null;
        }

        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(file[ProgramHeadersOffset..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file[ProgramHeaderSize..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[ProgramHeaderCount..]);
        for (int i = 0; i < count; i++)
        {
            ulong start = offset + (ulong)(i * size);
            if (start > (ulong)file.Length || (ulong)file.Length - start < 0x28)
            {
                return null;
            }

            ReadOnlySpan<byte> header = file[(int)start..];
            ulong at = BinaryPrimitives.ReadUInt64LittleEndian(header[0x08..]);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == Interpreter && at <= (ulong)file.Length && length <= (ulong)file.Length - at)
            {
                return Encoding.UTF8.GetString(file.Slice((int)at, (int)length)).TrimEnd('\0');
            }
        }

        return null;
    }
}
