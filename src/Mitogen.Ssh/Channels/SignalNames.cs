namespace Mitogen.Ssh.Channels;

/// <summary>The signals that the protocol names (RFC 4254, section 6.10), by their numbers here.</summary>
internal static class SignalNames
{
    /// <returns>Null for a name that is not known.</returns>
    public static int? NumberOf(string name) => name switch
    {
        "HUP" => 1,
        "INT" => 2,
        "QUIT" => 3,
        "ILL" => 4,
        "ABRT" => 6,
        "FPE" => 8,
        "KILL" => 9,
        "USR1" => 10,
        "SEGV" => 11,
        "USR2" => 12,
        "PIPE" => 13,
        "ALRM" => 14,
        "TERM" => 15,
        _ => null,
    };
}
