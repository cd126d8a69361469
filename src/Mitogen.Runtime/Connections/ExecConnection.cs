using Mitogen.Connections;

namespace Mitogen;

/// <summary>
/// Starts a context through a command of one's own, which has to run the arguments that are added to it as a command, with its
/// standard input and output: <c>new ExecConnection("chroot", "/srv/image")</c>.
/// </summary>
/// <param name="Command">The program (a path, or a name to look up) and its arguments.</param>
public sealed record ExecConnection(params IReadOnlyList<string> Command) : PlainConnection, IWrittenAsText<ExecConnection>
{
    private readonly ArgumentList _command = ArgumentList.Copy(Command);

    /// <summary>The program (a path, or a name to look up) and its arguments.</summary>
    public IReadOnlyList<string> Command { get => _command; init => _command = ArgumentList.Copy(value); }

    static ExecConnection IWrittenAsText<ExecConnection>.Blank => new([]);

    static ExecConnection IWrittenAsText<ExecConnection>.Map(IHopText hop, ExecConnection it, ExecConnection blank)
    {
        string program = hop.Target(it.Command.Count > 0 ? it.Command[0] : "", "a program", property: nameof(Command));
        return it with { Command = [program, .. hop.Texts("argument", [.. it.Command.Skip(1)], nameof(Command))] };
    }
}
