using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context on the same machine as another user, with <c>sudo</c>.</summary>
public sealed record SudoConnection : PlainConnection, IWrittenAsText<SudoConnection>
{
    /// <summary>The user to become. Default: <c>root</c>.</summary>
    public string User { get; init; } = "root";

    /// <summary>The password that sudo asks for, as a rule that of the user who calls it. Default: none, and then asking for one fails
    /// the connection.</summary>
    public Secret? Password { get; init; }

    /// <summary>Whether the user's login shell is used, in the home folder, as <c>sudo -i</c> does. Default: no.</summary>
    public bool Login { get; init; }

    /// <summary>Whether the environment of the calling context is kept (<c>-E</c>), as far as sudo's policy allows. Default: no.</summary>
    public bool PreserveEnvironment { get; init; }

    /// <summary>The SELinux role (<c>-r</c>). Default: the policy's.</summary>
    public string? SelinuxRole { get; init; }

    /// <summary>The SELinux type (<c>-t</c>). Default: the role's.</summary>
    public string? SelinuxType { get; init; }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>sudo</c>.</summary>
    public string SudoPath { get; init; } = "sudo";

    static SudoConnection IWrittenAsText<SudoConnection>.Blank => new();

    static SudoConnection IWrittenAsText<SudoConnection>.Map(IHopText hop, SudoConnection it, SudoConnection blank) => it with
    {
        User = hop.Account(it.User, blank.User),
        Login = hop.Flag("login", it.Login),
        PreserveEnvironment = hop.Flag("preserve-environment", it.PreserveEnvironment),
        SelinuxRole = hop.Text("role", it.SelinuxRole),
        SelinuxType = hop.Text("type", it.SelinuxType),
        Password = hop.Without(it.Password, blank.Password),
        SudoPath = hop.Without(it.SudoPath, blank.SudoPath),
    };
}
