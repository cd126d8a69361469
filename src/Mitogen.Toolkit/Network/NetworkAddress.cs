using System.Globalization;
using System.Net;

namespace Mitogen.Toolkit;

/// <summary>The address of a socket. A text converts to it: <c>db:5432</c>, <c>[::1]:80</c> or <c>unix:/run/docker.sock</c>.</summary>
public abstract record NetworkAddress
{
    private const string UnixScheme = "unix:";

    private protected NetworkAddress()
    {
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">As <see cref="Parse"/>.</param>
    public static implicit operator NetworkAddress(string text) => Parse(text);

    /// <summary>Reads an address.</summary>
    /// <param name="text"><c>HOST:PORT</c>, with the brackets of an IPv6 address; or <c>unix:PATH</c>, whose path is absolute, or begins with <c>@</c> for
    /// an abstract one.</param>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static NetworkAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            string path = text[UnixScheme.Length..];
            path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
            return path.Length > 1 && path[0] is '/' or '@'
                ? new Unix(path)
                : throw new FormatException($"'{text}' is no address: a Unix socket is unix:/ABSOLUTE/PATH, or unix:@NAME for an abstract one.");
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        return host.Length > 0 && (bracketed || !host.Contains(':', StringComparison.Ordinal))
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? new Tcp(bracketed ? host[1..^1] : host, port)
            : throw new FormatException($"'{text}' is no address: write HOST:PORT, [IPV6]:PORT or unix:/PATH.");
    }

    /// <summary>An address of TCP.</summary>
    /// <param name="Host">A name or an IP address, as the context sees it.</param>
    /// <param name="Port">The port, from 0 to 65,535; 0 only to listen.</param>
    public sealed record Tcp(string Host, int Port) : NetworkAddress
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
    }

    /// <summary>A Unix socket.</summary>
    /// <param name="Path">Its path; <c>@</c> and a name for an abstract one.</param>
    public sealed record Unix(string Path) : NetworkAddress
    {
        /// <inheritdoc/>
        public override string ToString() => UnixScheme + Path;
    }

    internal static NetworkAddress Of(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint ip => new Tcp(ip.Address.IsIPv4MappedToIPv6 ? $"{ip.Address.MapToIPv4()}" : $"{ip.Address}", ip.Port),
        { AddressFamily: System.Net.Sockets.AddressFamily.Unix } => new Unix($"{endPoint}"),
        _ => new Unix(""),
    };
}
