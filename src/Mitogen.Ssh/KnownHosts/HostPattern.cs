using System.Security.Cryptography;
using System.Text;

namespace Mitogen.Ssh.KnownHosts;

/// <summary>The hosts that a line of a known_hosts file is about: patterns with wildcards and negation, or one hash.</summary>
internal static class HostPattern
{
    private const string HashMark = "|1|";

    /// <param name="field">The field of the line.</param>
    /// <param name="name">A host's name as such files have it: in lower case, and with another port than 22 as <c>[host]:port</c>.</param>
    public static bool Matches(string field, string name)
    {
        if (field.StartsWith(HashMark, StringComparison.Ordinal))
        {
            return MatchesHash(field, name);
        }

        bool matches = false;
        foreach (string item in field.Split(','))
        {
            bool isNegated = item.StartsWith('!');
            if (MatchesWildcards(isNegated ? item.AsSpan(1) : item, name))
            {
                if (isNegated)
                {
                    return false; // whatever else stands there
                }

                matches = true;
            }
        }

        return matches;
    }

    private static bool MatchesHash(string field, string name)
    {
        string[] parts = field[HashMark.Length..].Split('|');
        Span<byte> salt = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[64];
        Span<byte> own = stackalloc byte[HMACSHA1.HashSizeInBytes];
        if (parts.Length != 2
            || !Convert.TryFromBase64String(parts[0], salt, out int saltSize)
            || !Convert.TryFromBase64String(parts[1], hash, out int hashSize))
        {
            return false;
        }

#pragma warning disable CA5350 // the format's: it hides names, and the key decides
        _ = HMACSHA1.HashData(salt[..saltSize], Encoding.UTF8.GetBytes(name), own);
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(own, hash[..hashSize]);
    }

    /// <summary><c>*</c> is any text and <c>?</c> any character. Takes time in proportion to both lengths.</summary>
    private static bool MatchesWildcards(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0;
        int star = -1;
        int resume = 0;
        for (int i = 0; i < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, i);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || char.ToLowerInvariant(pattern[at]) == name[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].Trim('*').IsEmpty;
    }
}
