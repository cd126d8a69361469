using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Mitogen;

namespace Fleet;

/// <summary>What the program was asked for.</summary>
/// <param name="Targets">Where it goes.</param>
/// <param name="Parallel">How many of them are visited at once.</param>
/// <param name="Json">Whether it prints JSON.</param>
/// <param name="Help">Set if it was asked for help or for its version instead: prints it.</param>
internal sealed record CommandLine(IReadOnlyList<Target> Targets, int Parallel, bool Json, Func<int>? Help = null)
{
    internal const int MaxParallel = 1000;

    private const string Usage = "usage: Fleet [OPTION]... TARGET...\n'Fleet --help' lists the options.";

    private static readonly Argument<Target[]> s_targets = new("TARGET")
    {
        Description = "A chain of connections: ssh://user@host:port, ssh://host+sudo, docker://name, local://",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = ParseTargets,
    };

    private static readonly Option<int> s_parallel = WithValue(new Option<int>("--parallel")
    {
        Description = $"How many targets are visited at once (1 to {MaxParallel})",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
        CustomParser = ParseParallel,
    });

    private static readonly Option<string> s_identity = WithValue(new Option<string>("--identity")
    {
        Description = "The private key for ssh, where the target names none",
        HelpName = "FILE",
    });

    private static readonly Option<bool> s_askPassword = new("--ask-password") { Description = "Asks for the password of ssh and sudo" };

    private static readonly Option<string> s_passwordFile = WithValue(new Option<string>("--password-file")
    {
        Description = "Takes that password from the first line of a file",
        HelpName = "FILE",
    });

    private static readonly Option<bool> s_json = new("--json")
    {
        Description = "Prints a line of JSON for each target and one for the totals",
    };

    private static readonly RootCommand s_command = new("Gathers facts from many machines, users and containers at once.")
    {
        s_targets, s_parallel, s_identity, s_askPassword, s_passwordFile, s_json,
    };

    /// <exception cref="UsageException">It makes no sense.</exception>
    public static CommandLine Parse(string[] args)
    {
        ParseResult parsed = s_command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException($"{string.Join('\n', parsed.Errors.Select(error => error.Message))}\n{Usage}");
        }

        if (parsed.Action is not null)
        {
            return new CommandLine([], 0, Json: false, () => parsed.Invoke());
        }

        if (parsed.GetValue(s_targets) is not [_, ..] targets)
        {
            throw new UsageException(Usage);
        }

        // First what can be wrong, so that nobody types a password for nothing.
        Secret? password = (parsed.GetValue(s_askPassword), parsed.GetValue(s_passwordFile)) switch
        {
            (true, not null) => throw new UsageException("--ask-password and --password-file exclude each other."),
            (true, null) => Passwords.Ask(),
            (false, { } file) => Passwords.Read(file),
            (false, null) => null,
        };
        string? identity = parsed.GetValue(s_identity) is { } path ? Path.GetFullPath(path) : null;
        return new CommandLine([.. targets.Select(target => target.With(identity, password))], parsed.GetValue(s_parallel), parsed.GetValue(s_json));
    }

    private static Target[]? ParseTargets(ArgumentResult result)
    {
        List<Target> targets = [];
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (text.StartsWith('-'))
            {
                result.AddError($"There is no option {text}.");
                continue;
            }

            try
            {
                targets.Add(Target.Parse(text));
            }
            catch (UsageException e)
            {
                result.AddError(e.Message);
            }
        }

        return [.. targets];
    }

    private static int ParseParallel(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.SingleOrDefault()?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= MaxParallel)
        {
            return number;
        }

        result.AddError($"{s_parallel.Name} is a number from 1 to {MaxParallel}.");
        return 0;
    }

    /// <summary>An option that is told to have a value where it has none.</summary>
    private static Option<T> WithValue<T>(Option<T> option)
    {
        option.Arity = ArgumentArity.ZeroOrOne;
        option.Validators.Add(result =>
        {
            if (!result.Implicit && result.Tokens.Count == 0)
            {
                result.AddError($"{option.Name} needs a value.");
            }
        });
        return option;
    }
}

/// <summary>The command line is wrong; the message is for the person who wrote it.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
