using System.Security.Cryptography;
using System.Text;
using Mitogen.Connections;
using Renci.SshNet;

namespace Mitogen.Ssh.Login;

/// <summary>The ways in which a connection logs in, in their order: by keys, then by password.</summary>
internal sealed class LoginMethods : IDisposable
{
    private readonly IReadOnlyList<PrivateKeyFile> _keys;
    private readonly KeyMethod? _byKey;
    private readonly byte[] _password = [];

    /// <exception cref="StartRefusedException">A key that the connection names cannot be read.</exception>
    public LoginMethods(SshNetConnection connection)
    {
        string user = connection.User ?? Environment.UserName;
        _keys = PrivateKeys.Read(connection);
        List<AuthenticationMethod> all = [];
        if (_keys.Count > 0)
        {
            _byKey = new KeyMethod(user, _keys);
            all.Add(_byKey);
        }

        if (connection.Password is { } password)
        {
            _password = Encoding.UTF8.GetBytes(password.Reveal());
            PasswordAuthenticationMethod plain = new(user, _password);
            plain.PasswordExpired += (_, _) => throw new StartRefusedException(new(
                BootstrapReason.Expired, $"The password of {user} at {connection.Host} has expired: log in by hand and change it, or have it renewed."));
            all.Add(plain);
            all.Add(new PromptedPassword(user, connection, plain));
        }

        User = user;
        All = all.Count > 0 ? [.. all] : [new NoneAuthenticationMethod(user)];
    }

    public string User { get; }

    /// <summary>At least one.</summary>
    public AuthenticationMethod[] All { get; }

    /// <summary>The ways that the server named when it last refused one; none if it did not.</summary>
    public IReadOnlyList<string> Offered => All.Select(method => method.AllowedAuthentications).LastOrDefault(names => names is not null) ?? [];

    /// <summary>Whether the server accepted a key, and wanted more than that.</summary>
    public bool IsKeyAccepted => _byKey is { IsAccepted: true };

    /// <summary>The words of the server before it let anybody in.</summary>
    public string Banner { get; set; } = "";

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_password);
        foreach (AuthenticationMethod method in All)
        {
            method.Dispose();
        }

        foreach (PrivateKeyFile key in _keys)
        {
            key.Dispose();
        }
    }
}
