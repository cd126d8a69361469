using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mitogen.Connections;

/// <summary>Hosts with ports in connection strings: <c>name</c>, <c>name:22</c>, <c>[::1]</c>, <c>[::1]:22</c>.</summary>
internal static class HostText
{
    /// <summary>The host, without its brackets, and what stands behind the colon.</summary>
    /// <exception cref="FormatException">A bracket is missing.</exception>
    public static TextSpan Find(string text, TextSpan target, out TextSpan? port)
    {
        port = null;
        bool isBracketed = !target.IsEmpty && text[target.Start] == '[';
        int end = text.IndexOf(isBracketed ? ']' : ':', target.Start, target.Length);
        if (end < 0)
        {
            return isBracketed ? throw ConnectionStringError.Expected(text, target.End, "']'") : target;
        }

        int colon = isBracketed ? end + 1 : end;
        if (colon < target.End)
        {
            if (text[colon] != ':')
            {
                throw ConnectionStringError.Expected(text, colon, "':', '+', '?' or the end");
            }

            port = new TextSpan(colon + 1, target.End);
            if (!isBracketed && text.AsSpan(colon + 1, target.End - colon - 1).Contains(':'))
            {
                throw ConnectionStringError.Expected(text, target.Start, "brackets around an IPv6 address: [::1]");
            }
        }

        return new TextSpan(isBracketed ? target.Start + 1 : target.Start, end);
    }

    /// <summary>Writes a host, an IPv6 address in brackets.</summary>
    public static string Write(string host) => IsIPv6(host) ? $"[{Percent.Encode(host, ":")}]" : Percent.Encode(host, "");

    public static bool IsPort(int port) => port is > 0 and <= IPEndPoint.MaxPort;

    /// <exception cref="FormatException">It is no port.</exception>
    public static int ReadPort(string text, TextSpan span) =>
        int.TryParse(text.AsSpan(span.Start, span.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && IsPort(port)
            ? port
            : throw ConnectionStringError.Expected(text, span.Start, $"a port from 1 to {IPEndPoint.MaxPort}");

    /// <exception cref="FormatException">It is no IPv6 address.</exception>
    public static string ReadAddress(string text, TextSpan span)
    {
        string decoded = Percent.Decode(text, span);
        return IsIPv6(decoded) ? decoded : throw ConnectionStringError.Expected(text, span.Start, "an IPv6 address");
    }

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;
}
