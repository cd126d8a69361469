namespace Mitogen;

/// <summary>
/// How a context is started: a <c>PlainConnection</c>, which any context of the program can start, or a <c>CarriedConnection</c>, which is
/// of the process that made it. Only these two derive from it.
/// </summary>
public abstract record Connection
{
    private protected Connection()
    {
    }

    /// <summary>The name of the new context, which none that its parent has started, and that lives, may have; <see langword="null"/> chooses one from
    /// the connection and a number.</summary>
    public string? Name { get; init; }

    /// <summary>The form of the program that the new context runs. Default: <see cref="ExecutableKind.Auto"/>.</summary>
    public ExecutableKind Executable { get; init; }

    /// <summary>
    /// How long the start may go on without progress. Default: 30 seconds; more than 0, up to 24 days. Progress is what the other side says, and what
    /// the line takes of the executable, if that is at least <see cref="MinimumRate"/>.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the whole start may take, whatever progress it makes; the time in which it waits for its turn to send is not counted. Default: 10
    /// minutes, and never less than <see cref="ConnectTimeout"/>; more than 0, up to 24 days.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many bytes a second the line to the target takes at least; fewer are no progress. Where several executables are on their way from one context, it is for
    /// all of them together. Bytes that were taken may be in buffers on the way: at this rate they have time to arrive. Default: 32,768;
    /// from 1.
    /// </summary>
    public int MinimumRate { get; init; } = 32 * 1024;

    /// <summary>
    /// How long a text that looks like a question may stand on an output of the tool, without an end of line and without an answer, before the
    /// start fails and says what is asked. Default: 5 seconds. A question that is known to be one, such as one for a secret at a terminal, is
    /// told at once.
    /// </summary>
    public TimeSpan QuestionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long user code in the context may go on after its end was asked for, or after its link was lost, before the process
    /// and its process group are killed. Default: 2 seconds.
    /// </summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The <c>dotnet</c> on the target that runs the managed program; <see langword="null"/> takes the one that runs the
    /// context that starts, on its own machine, or looks in <c>DOTNET_ROOT</c>, the <c>PATH</c> and the usual folders.</summary>
    public string? DotNetPath { get; init; }

    /// <summary>
    /// Whether a native executable that crosses a network is kept on the target, in <c>~/.cache/mitogen</c> (or <c>$XDG_CACHE_HOME/mitogen</c>)
    /// under its hash, so that the next start sends nothing. Default: false, and nothing is left on the target. A kept executable is never
    /// deleted.
    /// </summary>
    public bool CacheExecutable { get; init; }

    /// <summary>
    /// How long each call may take whose proxy's <see cref="CallOptions"/> have no timeout of their own; <see langword="null"/>, the
    /// default, is for ever. From 1 millisecond to 24 days. It is that of the handle which connecting gives, and of the objects got by it.
    /// </summary>
    public TimeSpan? CallTimeout { get; init; }
}
