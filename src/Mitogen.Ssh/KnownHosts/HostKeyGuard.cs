using System.Buffers.Binary;
using System.Text;
using Mitogen.Connections;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Mitogen.Ssh.KnownHosts;

/// <summary>Decides whether a host is the one that was meant. Used by the thread that connects, and by the client's own.</summary>
internal sealed class HostKeyGuard(SshNetConnection connection, Action<string> warn)
{
    private readonly KnownHostsFiles _files = new(connection.KnownHostsFile);
    private KnownKeys? _known;
    private byte[]? _accepted;

    /// <summary>Why the host's key was refused; null if it was not. Set before the client learns of it.</summary>
    public LaunchProblem? Refusal { get; private set; }

    /// <summary>Asks for the kinds of keys that are known of the host before all others, as ssh does.</summary>
    /// <exception cref="IOException">A file of known hosts cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Prepare(ConnectionInfo info)
    {
        // Certificates could only be judged by authorities, which are not supported.
        foreach (string name in info.HostKeyAlgorithms.Keys.Where(name => name.Contains("-cert-", StringComparison.Ordinal)).ToArray())
        {
            _ = info.HostKeyAlgorithms.Remove(name, out _);
        }

        if (connection.HostKeyPolicy == HostKeyPolicy.Ignore)
        {
            return;
        }

        _known = _files.KeysOf(connection.Host, connection.Port);
        HashSet<string> types = [.. _known.KeyTypes];
        int first = 0;
        foreach (string name in info.HostKeyAlgorithms.Keys.Where(name => types.Contains(KeyTypeOf(name))).ToArray())
        {
            info.HostKeyAlgorithms.SetPosition(name, first++);
        }
    }

    /// <summary>The host shows its key: at the start, and again each time that the session's keys are renewed.</summary>
    public void OnHostKey(object? sender, HostKeyEventArgs shown)
    {
        // Whatever goes wrong here, the host is not trusted.
        shown.CanTrust = false;
        if (_known is null || _accepted.AsSpan() is { IsEmpty: false } accepted && accepted.SequenceEqual(shown.HostKey))
        {
            shown.CanTrust = true;
            return;
        }

        Refusal = _accepted is null ? Judge(_known, shown) : Changed(shown);
        if (Refusal is null)
        {
            _accepted = shown.HostKey;
            shown.CanTrust = true;
        }
    }

    private LaunchProblem? Judge(KnownKeys known, HostKeyEventArgs shown)
    {
        switch (known.Judge(shown.HostKey))
        {
            case HostKeyVerdict.Known:
                return null;
            case HostKeyVerdict.Unknown when connection.HostKeyPolicy == HostKeyPolicy.AcceptNew:
                Remember(shown);
                return null;
            case HostKeyVerdict.Unknown:
                return new(
                    BootstrapReason.HostKeyUnknown,
                    $"The host key of {connection.Host} is not known ({Describe(shown)}). Add it to {_files.Own}, or set " +
                    "SshNetConnection.HostKeyPolicy to AcceptNew.");
            case HostKeyVerdict.Revoked:
                return new(
                    BootstrapReason.HostKeyChanged,
                    $"The host key of {connection.Host} is revoked ({Describe(shown)}): somebody else may have it.");
            default:
                return Changed(shown);
        }
    }

    private LaunchProblem Changed(HostKeyEventArgs shown) => new(
        BootstrapReason.HostKeyChanged,
        $"The host key of {connection.Host} is not the one that is known ({Describe(shown)}): somebody may be in between, or the host was " +
        $"installed anew. If it was, remove the old key (ssh-keygen -R '{KnownKeys.NameOf(connection.Host, connection.Port)}').");

    private void Remember(HostKeyEventArgs shown)
    {
        try
        {
            _files.Add(connection.Host, connection.Port, KeyTypeIn(shown.HostKey), shown.HostKey);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"The host key of {connection.Host} could not be added to {_files.Own}: {e.Message}");
        }
    }

    private static string Describe(HostKeyEventArgs shown) => $"{KeyTypeIn(shown.HostKey)} SHA256:{shown.FingerPrintSHA256}";

    /// <summary>The first string of a key in the protocol's encoding.</summary>
    private static string KeyTypeIn(ReadOnlySpan<byte> key) => Encoding.ASCII.GetString(key.Slice(4, BinaryPrimitives.ReadInt32BigEndian(key)));

    /// <summary>RSA keys sign by several algorithms.</summary>
    private static string KeyTypeOf(string algorithm) => algorithm is "rsa-sha2-512" or "rsa-sha2-256" ? "ssh-rsa" : algorithm;
}
