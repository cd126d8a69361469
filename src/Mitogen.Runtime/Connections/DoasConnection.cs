using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context on the same machine as another user, with <c>doas</c>.</summary>
public sealed record DoasConnection : PlainConnection, IWrittenAsText<DoasConnection>
{
    /// <summary>The user to become. Default: <c>root</c>.</summary>
    public string User { get; init; } = "root";

    /// <summary>The password of the user who calls doas. Default: none, and then asking for one fails the connection.</summary>
    public Secret? Password { get; init; }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>doas</c>.</summary>
    public string DoasPath { get; init; } = "doas";

    static DoasConnection IWrittenAsText<DoasConnection>.Blank => new();

    static DoasConnection IWrittenAsText<DoasConnection>.Map(IHopText hop, DoasConnection it, DoasConnection blank) => it with
    {
        User = hop.Account(it.User, blank.User),
        Password = hop.Without(it.Password, blank.Password),
        DoasPath = hop.Without(it.DoasPath, blank.DoasPath),
    };
}
