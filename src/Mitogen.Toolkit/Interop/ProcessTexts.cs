using System.Runtime.InteropServices;
using System.Text;

namespace Mitogen.Toolkit.Interop;

/// <summary>C strings in one block of memory of our own, with a null-terminated array of pointers to them.</summary>
internal sealed unsafe class ProcessTexts : IDisposable
{
    private readonly int _size;

    /// <exception cref="ArgumentException">One of them has a NUL character.</exception>
    public ProcessTexts(IReadOnlyCollection<string> texts, string what)
    {
        int pointers = (texts.Count + 1) * sizeof(byte*);
        _size = pointers;
        foreach (string text in texts)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException($"{what} of a process cannot contain a NUL character.");
            }

            _size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        Pointers = (byte**)NativeMemory.Alloc((nuint)_size);
        byte* next = (byte*)Pointers + pointers;
        int index = 0;
        foreach (string text in texts)
        {
            int length = Encoding.UTF8.GetBytes(text, new Span<byte>(next, _size - (int)(next - (byte*)Pointers)));
            next[length] = 0;
            Pointers[index++] = next;
            next += length + 1;
        }

        Pointers[index] = null;
    }

    public byte** Pointers { get; private set; }

    public byte* First => Pointers[0];

    /// <summary>Frees the memory, and overwrites it: among the texts may be secrets.</summary>
    public void Dispose()
    {
        if (Pointers is not null)
        {
            new Span<byte>(Pointers, _size).Clear();
            NativeMemory.Free(Pointers);
            Pointers = null;
        }
    }
}
