using System.Diagnostics.CodeAnalysis;
using Mitogen.Connections;
using Mitogen.Starting;

namespace Mitogen;

/// <summary>
/// Reads connections from text and writes them, as command lines and configurations have them: <c>ssh://deploy@web1:2222</c>,
/// <c>ssh://host2+sudo</c>, <c>docker://name?name=db</c>.
/// </summary>
/// <remarks>
/// <para>A string is a chain of connections, the outermost first, joined by <c>+</c>. Each is a scheme, then <c>://</c> and what it leads
/// to; that may be left out where all of it has a default. Options follow behind <c>?</c>, joined by <c>&amp;</c>. A character that means
/// something to the format is written as in URIs: <c>%2B</c> for <c>+</c>. IPv6 addresses stand in brackets. Passwords cannot be
/// given.</para>
/// <list type="table">
/// <item><term><c>local://</c></term><description>options: isolated</description></item>
/// <item><term><c>ssh://user@host:port</c></term><description>identity, hostkey (enforce, accept-new, ignore), knownhosts, config,
/// compression, keepalive (seconds), option (may be repeated)</description></item>
/// <item><term><c>sudo://user</c></term><description>login, preserve-environment, role, type</description></item>
/// <item><term><c>su://user</c></term><description>login</description></item>
/// <item><term><c>doas://user</c></term><description></description></item>
/// <item><term><c>docker://user@container</c>, <c>podman://…</c></term><description>image (in the place of a container), option (may be
/// repeated)</description></item>
/// <item><term><c>k8s://pod</c>, <c>k8s://namespace/pod</c>, <c>k8s://namespace/pod/container</c></term><description>context</description>
/// </item>
/// <item><term><c>lxc://container</c>, <c>incus://instance</c>, <c>nspawn://machine</c>, <c>ns://PID</c></term>
/// <description></description></item>
/// </list>
/// <para>Each also takes name, dotnet, timeout, limit and grace (seconds), and rate (bytes per second). An option that is on or off is on when it stands alone.</para>
/// </remarks>
public static class ConnectionString
{
    /// <summary>Reads a chain of connections.</summary>
    /// <param name="text">The string.</param>
    /// <returns>The connections, the outermost first; at least one.</returns>
    /// <exception cref="FormatException">It is none; the message shows the place with a caret below it, what was expected there, and
    /// no password.</exception>
    public static IReadOnlyList<Connection> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Connection> chain = [];
        int start = 0;
        while (true)
        {
            int end = text.IndexOf('+', start);
            chain.Add(ConnectionKinds.Read(new HopReader(text, start, end < 0 ? text.Length : end)));
            if (end < 0)
            {
                return chain;
            }

            start = end + 1;
        }
    }

    /// <summary>Writes a chain of connections as <see cref="Parse"/> reads it: what was parsed equals what was written.</summary>
    /// <param name="chain">The connections, the outermost first; at least one.</param>
    /// <returns>The string. What has its default is left out.</returns>
    /// <exception cref="ArgumentException">There is none; or a string cannot carry one of them: it is a <see cref="CarriedConnection"/>, has a
    /// <see cref="Secret"/>, or a value that no option stands for. The message names the property.</exception>
    public static string Format(IReadOnlyList<Connection> chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return chain.Count > 0
            ? string.Join('+', chain.Select(ConnectionKinds.Write))
            : throw new ArgumentException("A connection string has at least one connection, and this chain has none.", nameof(chain));
    }

    /// <summary>Writes one connection as <see cref="Parse"/> reads it.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>The string. What has its default is left out.</returns>
    /// <exception cref="ArgumentException">A string cannot carry it; the message names the property.</exception>
    public static string Format(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ConnectionKinds.Write(connection);
    }

    /// <summary>Reads a chain of connections if the text is one.</summary>
    /// <param name="text">The string.</param>
    /// <param name="connections">The connections, the outermost first.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IReadOnlyList<Connection>? connections)
    {
        try
        {
            connections = text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            connections = null;
        }

        return connections is not null;
    }
}
