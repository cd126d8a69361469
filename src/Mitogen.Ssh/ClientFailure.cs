using System.Net.Sockets;
using Mitogen.Connections;
using Mitogen.Ssh.Login;
using Mitogen.Starting.Tools;
using Renci.SshNet.Common;

namespace Mitogen.Ssh;

/// <summary>Says why the client could not connect, in the words that <see cref="SshConnection"/> has for it.</summary>
internal sealed class ClientFailure(SshNetConnection connection, string user)
{
    private string Target => $"{user}@{connection.Host}";

    private string Place => $"{connection.Host}, port {connection.Port}";

    /// <param name="error">The exception that the client threw.</param>
    /// <param name="login">How it was to log in.</param>
    /// <param name="isIdentified">Whether the server had said who it is.</param>
    public LaunchProblem Explain(Exception error, LoginMethods login, bool isIdentified) => error switch
    {
        StartRefusedException refused => refused.Problem,
        _ when !isIdentified && IsDropped(error) => new(BootstrapReason.Busy, SshSession.Dropped(Place)),
        SshException when QuestionWords.TellsOfExpiry(login.Banner) => SshSession.Expired(Target),
        SshException { Message: var message } when message.StartsWith("Failed to open a channel", StringComparison.Ordinal) =>
            SshSession.NotOpened(Target),
        SocketException socket => ExplainSocket(socket),
        SshOperationTimeoutException => new(BootstrapReason.TimedOut, $"{Place} did not answer in time."),
        SshAuthenticationException denied => ExplainDenial(denied.Message, login),
        SshConnectionException lost when lost.Message.Contains("Too many authentication failures", StringComparison.Ordinal) => new(
            BootstrapReason.AuthenticationFailed,
            $"{Target} refused too many keys: name the right one in SshNetConnection.IdentityFile."),
        _ => new(BootstrapReason.ExitedEarly, $"No session with {Place} came about: {error.Message}"),
    };

    // The client does not tell what a server said before its end, if that was no identification.
    private static bool IsDropped(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown }
        || error is SshConnectionException { DisconnectReason: Renci.SshNet.Messages.Transport.DisconnectReason.ConnectionLost }
        || (error.InnerException is { } inner && IsDropped(inner));

    private LaunchProblem ExplainSocket(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => new(
            BootstrapReason.NameNotFound, $"The name {connection.Host} could not be resolved."),
        SocketError.ConnectionRefused => new(BootstrapReason.Refused, $"{Place} refuses connections: does sshd listen there?"),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AddressNotAvailable => new(
            BootstrapReason.Refused, $"There is no route to {Place}."),
        SocketError.TimedOut => new(BootstrapReason.TimedOut, $"{Place} did not answer in time."),
        _ => new(BootstrapReason.ExitedEarly, $"No session with {Place} came about: {error.Message}"),
    };

    private LaunchProblem ExplainDenial(string message, LoginMethods login)
    {
        // If none of the methods was tried, only the message has the server's.
        bool takesPassword = login.Offered.Any(IsPassword) || message.Split('(', ')', ',', ' ').Any(IsPassword);
        return connection.Password is not null && takesPassword
            ? new(BootstrapReason.PasswordWrong, $"{Target} did not accept the password.")
            : login.IsKeyAccepted ? takesPassword
                ? new(BootstrapReason.PasswordRequired, $"{Target} accepts the key, and wants the password as well: set SshNetConnection.Password.")
                : new(BootstrapReason.AuthenticationFailed, $"{Target} accepts the key, and wants more than that, which no option has.")
            : takesPassword && connection.IdentityFile is null && connection.PrivateKey is null
                ? new(BootstrapReason.PasswordRequired,
                    $"{Target} accepts none of the keys at hand. Name one in SshNetConnection.IdentityFile, or set SshNetConnection.Password.")
                : new(BootstrapReason.AuthenticationFailed, $"{Target} does not accept the keys at hand.");
    }

    private static bool IsPassword(string method) => method is "password" or "keyboard-interactive";
}
