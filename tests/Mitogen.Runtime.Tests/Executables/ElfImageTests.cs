using System.Buffers.Binary;
using System.Text;
using Mitogen.Executables;

namespace Mitogen.Runtime.Tests.Executables;

/// <summary>What is read of executables' headers, by headers made by hand.</summary>
public sealed class ElfImageTests
{
    internal const string Loader = "/lib/ld-nowhere.so.1";

    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const uint Load = 1; // PT_LOAD
    private const uint Interpreter = 3; // PT_INTERP

    public static TheoryData<string, Action<byte[]>> Broken { get; } = new()
    {
        { "no ELF file", file => file[0] = (byte)'#' },
        { "of 32 bits", file => file[4] = 1 },
        { "big-endian", file => file[5] = 2 },
        { "without program headers", file => Put16(file, 0x38, 0) },
        { "its program headers beyond the end", file => Put64(file, 0x20, (ulong)file.Length) },
        { "its program headers at no place at all", file => Put64(file, 0x20, ulong.MaxValue) },
        { "no loader", file => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(HeaderSize + ProgramHeaderSize), Load) },
        { "the name beyond the end", file => Put64(file, HeaderSize + ProgramHeaderSize + 0x08, (ulong)file.Length + 1) },
        { "the name too long", file => Put64(file, HeaderSize + ProgramHeaderSize + 0x20, ulong.MaxValue) },
    };

    [Fact]
    public void The_loader_of_an_executable_is_found()
    {
        Assert.Equal(Loader, ElfImage.LoaderOf(Image()));
        Assert.True(File.Exists(ElfImage.LoaderOf(File.ReadAllBytes("/bin/sh"))));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_has_none_or_is_broken_has_none(string what, Action<byte[]> change)
    {
        byte[] file = Image();
        change(file);
        Assert.True(ElfImage.LoaderOf(file) is null, what);
    }

    [Fact]
    public void No_cut_makes_it_fail()
    {
        byte[] file = Image();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Null(ElfImage.LoaderOf(file.AsSpan(0, length)));
        }
    }

    /// <summary>An executable with two program headers, of which the second has the name of its loader.</summary>
    internal static byte[] Image()
    {
        const int Name = HeaderSize + 2 * ProgramHeaderSize;
        byte[] name = [.. Encoding.UTF8.GetBytes(Loader), 0];
        byte[] file = new byte[Name + name.Length];
        ((byte[])[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file, 0);
        Put64(file, 0x20, HeaderSize);
        Put16(file, 0x36, ProgramHeaderSize);
        Put16(file, 0x38, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(HeaderSize), Load);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(HeaderSize + ProgramHeaderSize), Interpreter);
        Put64(file, HeaderSize + ProgramHeaderSize + 0x08, Name);
        Put64(file, HeaderSize + ProgramHeaderSize + 0x20, (ulong)name.Length);
        name.CopyTo(file, Name);
        return file;
    }

    private static void Put16(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    private static void Put64(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
}
