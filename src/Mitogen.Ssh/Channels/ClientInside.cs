using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Renci.SshNet;

namespace Mitogen.Ssh.Channels;

/// <summary>
/// The members of SSH.NET that are used and not public. Without them, a command's output would pile up in memory, the end of its output
/// would not be seen before its exit, and a connection whose other side hangs could not be ended.
/// </summary>
internal static class ClientInside
{
    /// <summary>The session of a client that is connected.</summary>
    public static Session SessionOf(SshClient client) => (Session)GetSession(client);

    /// <summary>The socket of a session that is connected.</summary>
    public static Socket SocketOf(Session session) => GetSocket(session);

    /// <summary>Lets a command that was not executed yet write to other streams than its own, which are unbounded.</summary>
    public static void Redirect(SshCommand command, Stream output, Stream error)
    {
        SetOutput(command, output);
        SetExtendedOutput(command, error);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Session")]
    [return: UnsafeAccessorType("Renci.SshNet.ISession, Renci.SshNet")]
    private static extern object GetSession(BaseClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket GetSocket(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_OutputStream")]
    private static extern void SetOutput(SshCommand command, Stream stream);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ExtendedOutputStream")]
    private static extern void SetExtendedOutput(SshCommand command, Stream stream);
}
