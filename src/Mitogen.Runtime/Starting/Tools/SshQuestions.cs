using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// The questions of ssh at its terminal. It asks for a password and for a key's passphrase in forms of its own; what a server asks stands
/// behind the server's name, and is the server's text, in which it may copy those forms, on lines of their own as well. So a text is looked
/// at with all that stands before it.
/// </summary>
internal sealed class SshQuestions(SshConnection connection, SshRoute route, Func<Asked, LaunchProblem> unanswerable)
{
    private const string Key = "Enter passphrase for key '";
    private const string KeyEnd = "': ";
    private const string Password = "'s password: ";

    // Of a key's file, ssh shows so much.
    private const int ShownPath = 100;

    // Each ssh on the way may use the same keys.
    private const int MostHops = 4;

    public Reply? Reply(Asked asked)
    {
        if (asked.IsOnOutput)
        {
            return null;
        }

        if (!asked.IsHidden)
        {
            return asked.Text.Contains("(yes/no", StringComparison.Ordinal) ? new Reply.Refuse(UnknownKey(asked)) : null;
        }

        // Nobody can tell what it is that stands behind more than is kept.
        string? all = asked.Before is null ? null : string.Join('\n', [.. asked.Before, asked.Text]);
        return all is null ? null
            : Server(all) is { } server ? OfServer(asked, all, server)
            : KeyFile(asked.Text) is { } file ? OfKey(asked, file)
            : Owner(asked.Text) is { } owner ? OfPassword(asked, owner)
            : route.IsProxied || route.NamesAsker ? null
            : GivePassword(asked, asked.Text);
    }

    /// <summary>A server's question, or what looks like one.</summary>
    private Reply? OfServer(Asked asked, string all, (string Name, int End) server) =>
        server.Name != route.Name ? new Reply.Refuse(OfAnother(server.Name, all[server.End..].Trim()))
        : GivePassword(asked, all[server.End..]);

    private Reply? GivePassword(Asked asked, string question) =>
        QuestionWords.AsksForOther(question) || asked.Given.Any(given => given.Text != asked.Text && IsOfServer(given))
            ? new Reply.Refuse(unanswerable(asked))
            : OfPassword(asked, route.Name);

    private bool IsOfServer(Answered given) => KeyFile(given.Text) is null && Owner(given.Text) is null;

    private Reply OfPassword(Asked asked, string owner)
    {
        string what = $"the password of {route.Name}";
        return owner != route.Name ? new Reply.Refuse(OfAnother(owner, "Password"))
            : route.IsShared ? new Reply.Refuse(OfOneOfTwo())
            : asked.Given.Any(given => given.What == what) ? new Reply.Refuse(Tool.TellsOfExpiry(asked) ? unanswerable(asked) : new(
                BootstrapReason.PasswordWrong, $"ssh asks for {what} again: SshConnection.Password is not right."))
            : new Reply.Type(what, "SshConnection.Password", connection.Password);
    }

    private Reply OfKey(Asked asked, string file)
    {
        // A key that nobody has the passphrase of is none: ssh goes on with others, and then with the password.
        if (connection.Passphrase is null || (connection.IdentityFile is { } own && !IsSame(own, file)))
        {
            return new Reply.Skip();
        }

        int times = asked.Given.Count(given => given.Text == asked.Text);
        return times < (route.IsProxied ? MostHops : 1)
            ? new Reply.Type($"the passphrase of the key {file}", "SshConnection.Passphrase", connection.Passphrase)
            : new Reply.Refuse(new(
                BootstrapReason.PasswordWrong, $"ssh asks for the passphrase of the key {file} again: SshConnection.Passphrase is not right."));
    }

    /// <summary>Who is named in front of a server's question, and where the question begins.</summary>
    private (string Name, int End)? Server(string all)
    {
        string own = $"({route.Name}) ";
        if (route.IsProxied)
        {
            for (int start = all.IndexOf('(', StringComparison.Ordinal); start >= 0; start = all.IndexOf('(', start + 1))
            {
                int end = all.IndexOf(") ", start, StringComparison.Ordinal);
                if (end > start && all[(start + 1)..end] is var name && name.Contains('@', StringComparison.Ordinal) && !name.AsSpan().ContainsAny("\n()")
                    && name != route.Name)
                {
                    return (name, end + 2);
                }
            }
        }

        int at = all.IndexOf(own, StringComparison.Ordinal);
        return at < 0 ? null : (route.Name, at + own.Length);
    }

    /// <summary>The file of the key whose passphrase a text asks for; <see langword="null"/> if it asks for something else.</summary>
    public static string? KeyFile(string text) =>
        text.EndsWith(KeyEnd, StringComparison.Ordinal) && text.LastIndexOf(Key, StringComparison.Ordinal) is >= 0 and var at
            ? text[(at + Key.Length)..^KeyEnd.Length]
            : null;

    /// <summary>Whose password is asked for, in the form that ssh itself has for it.</summary>
    private string? Owner(string text)
    {
        if (!text.EndsWith(Password, StringComparison.Ordinal))
        {
            return null;
        }

        // A banner may stand before it; where others may ask, it must not run into the name.
        string before = text[..^Password.Length];
        foreach (string name in (string[])[route.Name, route.ShortName])
        {
            if (before.EndsWith(name, StringComparison.Ordinal)
                && (!route.IsProxied || before.Length == name.Length || !IsOfName(before[^(name.Length + 1)])))
            {
                return route.Name;
            }
        }

        return before[(before.LastIndexOf(' ') + 1)..];
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '$' or '\\' or '/' or '%' or '@';

    private static bool IsSame(string own, string shown)
    {
        string file = SshKeyFile.PathOf(own);
        return SshRoute.Cut(file, ShownPath) == shown || SshRoute.Cut(own, ShownPath) == shown;
    }

    private static LaunchProblem OfAnother(string name, string question) => new(
        BootstrapReason.PasswordRequired,
        $"{name}, which is on the way, asks: '{question}'. SshConnection.Password is for the host that the connection names alone: give ssh a key for {name}, " +
        "or connect to it first and go on from its context.");

    private LaunchProblem OfOneOfTwo() => new(
        BootstrapReason.PasswordRequired,
        $"{route.Name} asks for a password, and so may a host on the way, by the same name: nobody can tell which of them it is, and nothing was typed. Connect to " +
        "the host on the way first and go on from its context, or give one of the two another name in ssh's configuration (HostKeyAlias).");

    private LaunchProblem UnknownKey(Asked asked)
    {
        const string Authenticity = "The authenticity of host '";
        string? line = asked.Before?.LastOrDefault(line => line.Contains(Authenticity, StringComparison.Ordinal));
        string host = line?.Split(Authenticity)[^1].Split('\'')[0] ?? route.Jumps ?? "a host on the way";
        return SshWords.UnknownJump(host);
    }
}
