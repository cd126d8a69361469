namespace Mitogen.Ssh.KnownHosts;

/// <summary>A line of a known_hosts file: hosts and a key that they have, or that nobody may have any more.</summary>
/// <param name="Hosts">The field that says which.</param>
/// <param name="KeyType">As in <c>ssh-ed25519</c>.</param>
/// <param name="Key">The public key in the protocol's encoding.</param>
/// <param name="IsRevoked">Whether the key must not be accepted.</param>
internal sealed record KnownHost(string Hosts, string KeyType, byte[] Key, bool IsRevoked)
{
    private static readonly char[] s_blanks = [' ', '\t'];

    /// <returns>Null for a line that says nothing: empty, a comment, malformed, or about a certificate authority, which is not
    /// supported.</returns>
    public static KnownHost? Parse(string line)
    {
        string[] fields = line.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
        bool isRevoked = fields is ["@revoked", ..];
        if (isRevoked)
        {
            fields = fields[1..];
        }

        if (fields.Length < 3 || fields[0][0] is '#' or '@')
        {
            return null;
        }

        byte[] key = new byte[fields[2].Length];
        return Convert.TryFromBase64String(fields[2], key, out int size) && size > 0
            ? new KnownHost(fields[0], fields[1], key[..size], isRevoked)
            : null;
    }
}
