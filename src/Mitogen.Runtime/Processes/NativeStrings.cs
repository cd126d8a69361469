using System.Runtime.InteropServices;
using System.Text;

namespace Mitogen.Processes;

/// <summary>A null-terminated array of C strings, in one block.</summary>
internal readonly unsafe ref struct NativeStrings
{
    public NativeStrings(IReadOnlyCollection<string> strings)
    {
        int pointers = (strings.Count + 1) * sizeof(byte*);
        int size = pointers;
        foreach (string text in strings)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException("An argument, a variable or a path of a process cannot contain a NUL character.");
            }

            size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        Pointers = (byte**)NativeMemory.Alloc((nuint)size);
        var rest = new Span<byte>((byte*)Pointers + pointers, size - pointers);
        byte* next = (byte*)Pointers + pointers;
        int index = 0;
        foreach (string text in strings)
        {
            int length = Encoding.UTF8.GetBytes(text, rest);
            rest[length] = 0;
            rest = rest[(length + 1)..];
            Pointers[index++] = next;
            next += length + 1;
        }

        Pointers[index] = null;
    }

    public byte** Pointers { get; }

    public byte* First => Pointers[0];

    public void Dispose() => NativeMemory.Free(Pointers);
}
