using System.Globalization;
using Mitogen;

namespace Fleet;

/// <summary>What the program was asked for.</summary>
internal sealed record CommandLine(IReadOnlyList<Target> Targets, int Parallel, bool Json, bool Help)
{
    public const string Usage = """
        usage: Fleet [OPTION]... TARGET...
          TARGET               a chain of connections: ssh://user@host:port, ssh://host+sudo, docker://name, local://
          --parallel N         how many targets are visited at once (1 to 1000; 16)
          --identity FILE      the private key for ssh, where the target names none
          --ask-password       asks for the password of ssh and sudo
          --password-file FILE takes that password from the first line of a file
          --json               prints a line of JSON for each target and one for the totals
        """;

    internal const int MaxParallel = 1000;

    /// <exception cref="UsageException">It makes no sense.</exception>
    public static CommandLine Parse(string[] args)
    {
        List<string> texts = [];
        int parallel = 16;
        string? identity = null, passwordFile = null;
        bool askPassword = false, json = false;
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new UsageException($"{args[i - 1]} needs a value.\n{Usage}");
            switch (args[i])
            {
                case "--help":
                    return new CommandLine([], parallel, json, Help: true);
                case "--parallel":
                    parallel = int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MaxParallel
                        ? number
                        : throw new UsageException($"--parallel is a number from 1 to {MaxParallel}.");
                    break;
                case "--identity":
                    identity = Path.GetFullPath(Value());
                    break;
                case "--ask-password":
                    askPassword = true;
                    break;
                case "--password-file":
                    passwordFile = Value();
                    break;
                case "--json":
                    json = true;
                    break;
                case ['-', ..]:
                    throw new UsageException($"There is no option {args[i]}.\n{Usage}");
                default:
                    texts.Add(args[i]);
                    break;
            }
        }

        if (texts.Count == 0)
        {
            throw new UsageException(Usage);
        }

        // First what can be wrong, so that nobody types a password for nothing.
        Target[] targets = [.. texts.Select(Target.Parse)];
        Secret? password = (askPassword, passwordFile) switch
        {
            (true, not null) => throw new UsageException("--ask-password and --password-file exclude each other."),
            (true, null) => Passwords.Ask(),
            (false, { } file) => Passwords.Read(file),
            (false, null) => null,
        };
        return new CommandLine([.. targets.Select(target => target.With(identity, password))], parallel, json, Help: false);
    }
}

/// <summary>The command line is wrong; the message is for the person who wrote it.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
