using Mitogen.Executables;

namespace Mitogen.Starting;

/// <summary>The report of the first stage about the machine that it runs on.</summary>
/// <param name="System">The kernel's name, <c>Linux</c> for one.</param>
/// <param name="Machine">The processor's architecture in the kernel's words, such as <c>x86_64</c>.</param>
/// <param name="Paths">The loaders of the C libraries and the tools that were found.</param>
internal sealed record TargetReport(string System, string Machine, IReadOnlyList<string> Paths)
{
    private const string Unknown = "unknown";

    /// <summary>The runtime identifier; <see langword="null"/> for a platform that contexts do not run on.</summary>
    public string? Rid => Platform?.Rid;

    /// <summary>The number of memfd_create there.</summary>
    public int? MemoryFileCall => Platform?.MemoryFileCall;

    private Platform? Platform => Platform.Of(System, Machine);

    /// <param name="text">The words of the line behind its verb.</param>
    public static TargetReport Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 2 && !words[0].StartsWith('/') && !words[1].StartsWith('/')
            ? new TargetReport(words[0], words[1], words[2..])
            : new TargetReport(Unknown, Unknown, words);
    }

    /// <summary>Whether the shell could start a program to ask.</summary>
    public bool HasSystem => System != Unknown;

    public bool Has(string tool) => Paths.Any(path => Path.GetFileName(path) == tool);

    /// <summary>Whether there is a file with that path, as far as the report goes: C libraries' loaders in the usual folders.</summary>
    public bool HasLoader(string path) => Has(Path.GetFileName(path));
}
