using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context on the same machine as another user, with <c>sudo</c>.</summary>
public sealed record SudoConnection : PlainConnection, IReadFromText<SudoConnection>
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

    static SudoConnection IReadFromText<SudoConnection>.Read(HopReader hop) => new()
    {
        User = hop.AccountOrRoot(),
        Login = hop.Options.Flag("login"),
        PreserveEnvironment = hop.Options.Flag("preserve-environment"),
        SelinuxRole = hop.Options.Text("role"),
        SelinuxType = hop.Options.Text("type"),
    };
}
