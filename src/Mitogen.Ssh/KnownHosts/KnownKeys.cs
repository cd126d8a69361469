using System.Globalization;

namespace Mitogen.Ssh.KnownHosts;

/// <summary>The known keys of one host. Immutable.</summary>
internal sealed class KnownKeys
{
    private const int DefaultPort = 22;

    private readonly IReadOnlyList<KnownHost> _named;
    private readonly IReadOnlyList<KnownHost> _portless;

    private KnownKeys(IReadOnlyList<KnownHost> named, IReadOnlyList<KnownHost> portless)
    {
        _named = named;
        _portless = portless;
    }

    /// <summary>The types of the keys that would be accepted.</summary>
    public IEnumerable<string> KeyTypes => _named.Concat(_portless).Where(host => !host.IsRevoked).Select(host => host.KeyType);

    /// <summary>A host as the files name it.</summary>
    public static string NameOf(string host, int port)
    {
#pragma warning disable CA1308 // the format's
        string name = host.ToLowerInvariant();
#pragma warning restore CA1308
        return port == DefaultPort ? name : string.Create(CultureInfo.InvariantCulture, $"[{name}]:{port}");
    }

    /// <param name="lines">Of all files.</param>
    /// <param name="host">The host.</param>
    /// <param name="port">Its port.</param>
    public static KnownKeys Of(IEnumerable<string> lines, string host, int port)
    {
        KnownHost[] all = [.. lines.Select(KnownHost.Parse).OfType<KnownHost>()];
        string name = NameOf(host, port);
        string portless = NameOf(host, DefaultPort);
        return new KnownKeys(
            [.. all.Where(known => HostPattern.Matches(known.Hosts, name))],
            port == DefaultPort ? [] : [.. all.Where(known => HostPattern.Matches(known.Hosts, portless))]);
    }

    /// <summary>The verdict about a key in the protocol's encoding.</summary>
    public HostKeyVerdict Judge(ReadOnlySpan<byte> key)
    {
        if (Has(_named, key, isRevoked: true) || Has(_portless, key, isRevoked: true))
        {
            return HostKeyVerdict.Revoked;
        }

        // As ssh does it: a key that is known for the host without a port will do for any port of it, but its absence says nothing there.
        return Has(_named, key, isRevoked: false) || (!_named.Any(host => !host.IsRevoked) && Has(_portless, key, isRevoked: false))
            ? HostKeyVerdict.Known
            : _named.Any(host => !host.IsRevoked) ? HostKeyVerdict.Changed : HostKeyVerdict.Unknown;
    }

    private static bool Has(IReadOnlyList<KnownHost> hosts, ReadOnlySpan<byte> key, bool isRevoked)
    {
        foreach (KnownHost host in hosts)
        {
            if (host.IsRevoked == isRevoked && key.SequenceEqual(host.Key))
            {
                return true;
            }
        }

        return false;
    }
}
