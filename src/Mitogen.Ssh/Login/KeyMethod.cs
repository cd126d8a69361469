using Renci.SshNet;

namespace Mitogen.Ssh.Login;

/// <summary>Logs in by keys, and remembers whether that was a part of what the server wants.</summary>
internal sealed class KeyMethod(string user, IReadOnlyList<PrivateKeyFile> keys) : PrivateKeyAuthenticationMethod(user, [.. keys])
{
    public bool IsAccepted { get; private set; }

    public override AuthenticationResult Authenticate(Session session)
    {
        AuthenticationResult result = base.Authenticate(session);
        IsAccepted |= result == AuthenticationResult.PartialSuccess;
        return result;
    }
}
