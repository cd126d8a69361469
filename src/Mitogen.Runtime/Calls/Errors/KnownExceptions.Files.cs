namespace Mitogen.Calls;

/// <content>Those of files.</content>
internal static partial class KnownExceptions
{
    private const string FileName = nameof(FileNotFoundException.FileName);

    private static Dictionary<string, KnownException> Files => new(StringComparer.Ordinal)
    {
        [typeof(BadImageFormatException).FullName!] = new((m, inner, d) => new BadImageFormatException(m, d.Text(FileName), inner), DescribeFile),
        [typeof(DirectoryNotFoundException).FullName!] = new((m, inner, _) => new DirectoryNotFoundException(m, inner)),
        [typeof(EndOfStreamException).FullName!] = new((m, inner, _) => new EndOfStreamException(m, inner)),
        [typeof(FileLoadException).FullName!] = new((m, inner, d) => new FileLoadException(m, d.Text(FileName), inner), DescribeFile),
        [typeof(FileNotFoundException).FullName!] = new((m, inner, d) => new FileNotFoundException(m, d.Text(FileName), inner), DescribeFile),
        [typeof(InvalidDataException).FullName!] = new((m, inner, _) => new InvalidDataException(m, inner)),
        [typeof(IOException).FullName!] = new((m, inner, _) => new IOException(m, inner)),
        [typeof(PathTooLongException).FullName!] = new((m, inner, _) => new PathTooLongException(m, inner)),
    };

    private static void DescribeFile(Exception error, ErrorDetails details) => details[FileName] = error switch
    {
        FileNotFoundException e => e.FileName,
        FileLoadException e => e.FileName,
        BadImageFormatException e => e.FileName,
        _ => null,
    };
}
