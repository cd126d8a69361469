using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context on the same machine as another user, with <c>su</c>.</summary>
public sealed record SuConnection : PlainConnection, IWrittenAsText<SuConnection>
{
    /// <summary>The user to become. Default: <c>root</c>.</summary>
    public string User { get; init; } = "root";

    /// <summary>The password of the user to become. Default: none, and then asking for one fails the connection.</summary>
    public Secret? Password { get; init; }

    /// <summary>Whether the user's login shell and environment are used (<c>-</c>). Default: no.</summary>
    public bool Login { get; init; }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>su</c>.</summary>
    public string SuPath { get; init; } = "su";

    static SuConnection IWrittenAsText<SuConnection>.Blank => new();

    static SuConnection IWrittenAsText<SuConnection>.Map(IHopText hop, SuConnection it, SuConnection blank) => it with
    {
        User = hop.Account(it.User, blank.User),
        Login = hop.Flag("login", it.Login),
        Password = hop.Without(it.Password, blank.Password),
        SuPath = hop.Without(it.SuPath, blank.SuPath),
    };
}
