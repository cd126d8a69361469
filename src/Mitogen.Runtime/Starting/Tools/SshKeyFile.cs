using System.Text;

namespace Mitogen.Starting.Tools;

/// <summary>The file of a private key, on the machine that ssh runs on.</summary>
internal static class SshKeyFile
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";

    // Of its text, the format and the cipher stand at the beginning.
    private const int MostCharacters = 4096;

    private static ReadOnlySpan<byte> Format => "openssh-key-v1\0"u8;

    private static ReadOnlySpan<byte> NoCipher => [0, 0, 0, 4, (byte)'n', (byte)'o', (byte)'n', (byte)'e'];

    /// <summary>A path as ssh takes it, without the sign for the home folder.</summary>
    public static string PathOf(string file) => file.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), file[2..]) : file;

    /// <summary>Whether a passphrase is needed for it; false as well for a file that cannot be read.</summary>
    public static bool IsEncrypted(string file)
    {
        string text;
        try
        {
            using StreamReader reader = new(PathOf(file), Encoding.ASCII);
            char[] buffer = new char[MostCharacters];
            text = new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return text.StartsWith(Begin, StringComparison.Ordinal) ? HasCipher(text[Begin.Length..]) : text.Contains("ENCRYPTED", StringComparison.Ordinal);
    }

    private static bool HasCipher(string text)
    {
        string characters = string.Concat(text.Where(c => !char.IsWhiteSpace(c)).TakeWhile(c => c != '-'));
        byte[] bytes = new byte[MostCharacters];
        return Convert.TryFromBase64String(characters[..(characters.Length / 4 * 4)], bytes, out int count)
            && bytes.AsSpan(0, count) is var all && all.StartsWith(Format) && !all[Format.Length..].StartsWith(NoCipher);
    }
}
