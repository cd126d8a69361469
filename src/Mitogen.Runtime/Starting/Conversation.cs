using System.Text;
using Mitogen.Connections;
using Mitogen.Handshake;

namespace Mitogen.Starting;

/// <summary>
/// The words on a new context's link before its first frame, as its parent sees them: the report of a shell and the second stage for
/// it, if a shell is started first, and then the hello. Pure: it takes bytes and says what to send.
/// </summary>
/// <param name="nonce">The hello's marker.</param>
/// <param name="choose">Chooses the second stage; null if the context itself is started.</param>
/// <param name="onWord">Called each time that the other side speaks, before anything is said to it.</param>
internal sealed class Conversation(byte[] nonce, Func<TargetReport, SecondStage>? choose, Action? onWord = null)
{
    private readonly HelloScanner _scanner = new(nonce);
    private bool _hasSpoken;
    private bool _isIntroduced;
    private bool _isAnswered;

    /// <summary>The shell's report about itself; <see langword="null"/> until it did.</summary>
    public TargetReport? Report { get; private set; }

    /// <summary>The stage that was sent to the shell.</summary>
    public SecondStage? Sent { get; private set; }

    /// <summary>The hello, when it is complete: what comes then are frames.</summary>
    public Hello? Hello => _scanner.Hello;

    /// <summary>The first frames' bytes.</summary>
    public byte[] Leftover => _scanner.Leftover;

    /// <summary>Whether anything came that is neither a stage's nor the hello.</summary>
    public bool HasNoise => _scanner.HasNoise;

    /// <summary>Whether a stage or the context has said anything.</summary>
    public bool HasSpoken => _hasSpoken;

    /// <summary>The text behind the last end of a line that is not a stage's, while none has spoken.</summary>
    public string Tail => _hasSpoken ? "" : _scanner.Tail;

    /// <summary>The last lines of that.</summary>
    public IReadOnlyList<string> NoiseLines => _scanner.NoiseLines;

    /// <param name="bytes">The bytes that came.</param>
    /// <returns>The bytes to send now.</returns>
    /// <exception cref="ProtocolBrokenException">This is not a context.</exception>
    /// <exception cref="StartRefusedException">It says that it cannot become one, or nothing here fits it.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Feed(ReadOnlySpan<byte> bytes)
    {
        _scanner.Feed(bytes);
        List<ReadOnlyMemory<byte>> send = [];
        while (_scanner.TakeLine() is { } line)
        {
            Speak();
            (string verb, string rest) = FirstWord(line);
            switch (verb)
            {
                case "shell" when choose is not null && Report is null && !_isIntroduced:
                    _isIntroduced = true;
                    send.Add(Encoding.ASCII.GetBytes(StageScripts.Login(HelloScanner.MarkerOf(nonce))));
                    break;
                case "report" when Report is null && choose is not null:
                    Report = TargetReport.Parse(rest);
                    Sent = choose(Report);
                    send.Add(Encoding.UTF8.GetBytes(Sent.Script));
                    if (!Sent.IsOnDemand)
                    {
                        send.Add(Sent.Executable.Bytes);
                    }

                    break;
                case "send" when Sent is { IsOnDemand: true } && !_isAnswered:
                    _isAnswered = true;
                    send.Add(Sent.Executable.Bytes);
                    break;
                case "cached" when Sent is { IsOnDemand: true } && !_isAnswered:
                    _isAnswered = true;
                    break;
                case "failed" when Sent is not null || _isIntroduced:
                    throw new StartRefusedException(Describe(rest));
                default:
                    throw new ProtocolBrokenException($"'{line}' is not what a stage says here.");
            }
        }

        if (Hello is not null)
        {
            Speak();
        }

        return send;
    }

    private void Speak()
    {
        _hasSpoken = true;
        onWord?.Invoke();
    }

    private static (string Word, string Others) FirstWord(string text) =>
        text.Split(' ', 2) is [var first, var rest] ? (first, rest) : (text, "");

    private static LaunchProblem Describe(string failure)
    {
        (string what, string detail) = FirstWord(failure);
        return what switch
        {
            "place" => new(
                BootstrapReason.NowhereToExecute,
                "None of $XDG_RUNTIME_DIR, /dev/shm, /tmp, /var/tmp, $HOME and the current directory is writable, allows execution and has " +
                "room for the executable, or mkdir, chmod, dd and head do not run there, or the size of files is limited (ulimit -f). With perl or python3 on the target, a native executable needs no directory."),
            "executable" => new(BootstrapReason.ExitedEarly, "The executable did not arrive whole: is there memory and room for it on the target, may its user start processes there (ulimit -u), do tar, gzip, " +
                "dd and head run, and did the line go on to the end?"),
            "login" => new(
                BootstrapReason.NotAllowed,
                $"The account's login shell is {detail}, which runs nothing. Leave out Login, or give the account a shell there (usermod --shell)."),
            "runtime" => new(
                BootstrapReason.NoRuntime,
                (detail.Length == 0 ? "No dotnet was found on the target" : $"The target's .NET runtimes are too old: {detail}") +
                ". Install .NET 10 or later there, name its host in Connection.DotNetPath, or publish a native executable, which needs none."),
            _ => new(BootstrapReason.ExitedEarly, $"The start failed on the target: {failure}."),
        };
    }
}
