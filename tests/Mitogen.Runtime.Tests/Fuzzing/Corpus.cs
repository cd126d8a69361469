namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>
/// Saved inputs: a folder of files in hexadecimal digits, with comments behind <c>#</c>. An input that once failed is added as a file.
/// </summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Load(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", name);
        return [.. Directory.GetFiles(folder, "*.hex").Order(StringComparer.Ordinal).Select(Read)];
    }

    private static byte[] Read(string file) =>
        Convert.FromHexString(string.Concat(File.ReadLines(file).Select(l => l.Split('#')[0].Trim())));
}
