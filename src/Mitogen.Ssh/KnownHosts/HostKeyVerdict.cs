namespace Mitogen.Ssh.KnownHosts;

/// <summary>The verdict of the files of known hosts about a key that a host shows.</summary>
internal enum HostKeyVerdict
{
    /// <summary>It is the host's.</summary>
    Known,

    /// <summary>Nothing is known of the host.</summary>
    Unknown,

    /// <summary>The host has other keys.</summary>
    Changed,

    /// <summary>Nobody may have it any more.</summary>
    Revoked,
}
