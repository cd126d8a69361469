using System.Text;

namespace Mitogen.Starting.Tools;

/// <summary>
/// The programs that carry ssh's connection, where they are ssh themselves: they may ask at the same terminal, and only the name in a question
/// tells for whom.
/// </summary>
/// <param name="file">The ssh that is run.</param>
/// <param name="configuration">The arguments by which it was given a configuration file; it gives them on to those that it starts.</param>
/// <param name="host">The host as the connection names it.</param>
internal sealed class SshHops(string file, IReadOnlyList<string> configuration, string host)
{
    // More than anybody has. A host that is behind itself never ends.
    private const int Most = 8;

    // Outside of quotes, a shell acts on these.
    private const string Special = "$`|;&<>(){}[]*?~#!\\\n";

    /// <summary>Whether one of them has the target's name in its questions, or may have it for all that can be found out.</summary>
    public async Task<bool> HaveNameOfAsync(SshRoute target, CancellationToken cancellationToken)
    {
        SshRoute route = target;
        for (int i = 0; i < Most; i++)
        {
            if (Next(route) is not { } command)
            {
                return false;
            }

            string? answer = await SshProgram.ConfigurationAsync(command.File, ["-G", .. command.Arguments], cancellationToken).ConfigureAwait(false);
            if (answer is null || SshRoute.TryParse(answer) is not { } next || next.AsksLike(target))
            {
                return true;
            }

            route = next;
        }

        return true;
    }

    /// <summary>The ssh that carries the connection of another one; <see langword="null"/> if none does.</summary>
    private (string File, IReadOnlyList<string> Arguments)? Next(SshRoute route) =>
        route.Jumps is { } jumps ? (file, OfJumps(jumps))
        : route.ProxyCommand is { } command ? OfCommand(Expand(command, route))
        : null;

    // The last one is the nearest to the target; its ssh is told of those before it.
    private List<string> OfJumps(string jumps)
    {
        int comma = jumps.LastIndexOf(',');
        string last = jumps[(comma + 1)..];
        string address = last.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase) ? last : "ssh://" + last;
        return [.. configuration, .. comma < 0 ? (string[])[] : ["-J", jumps[..comma]], "--", address];
    }

    // What it would do behind a shell's tricks cannot be asked for: then it has no arguments, and no answer.
    private static (string File, IReadOnlyList<string> Arguments)? OfCommand(string command)
    {
        string[] all = command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        string? program = all.FirstOrDefault(word => !IsBeforeProgram(word))?.Trim('\'', '"');
        return program is null || Path.GetFileName(program) != "ssh" ? null
            : (program, Words(command)?.SkipWhile(IsBeforeProgram).Skip(1).ToArray() ?? []);
    }

    private static bool IsBeforeProgram(string word) => word == "exec" || word.Contains('=', StringComparison.Ordinal);

    private string Expand(string command, SshRoute route) => command
        .Replace("%h", route.HostName, StringComparison.Ordinal)
        .Replace("%n", host, StringComparison.Ordinal)
        .Replace("%p", route.Port, StringComparison.Ordinal)
        .Replace("%r", route.User, StringComparison.Ordinal);

    /// <summary>The words of a command line; <see langword="null"/> if a shell would make others of them.</summary>
    private static List<string>? Words(string command)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in command)
        {
            if (quote == '\0' ? Special.Contains(c, StringComparison.Ordinal) : quote == '"' && c is ('$' or '`' or '\\'))
            {
                return null;
            }

            if (c == quote || (quote == '\0' && c is ('\'' or '"')))
            {
                quote = quote == '\0' ? c : '\0';
                word ??= new StringBuilder();
            }
            else if (quote == '\0' && c is (' ' or '\t'))
            {
                End();
            }
            else
            {
                word = (word ?? new StringBuilder()).Append(c);
            }
        }

        End();
        return quote == '\0' ? words : null;

        void End()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
    }
}
