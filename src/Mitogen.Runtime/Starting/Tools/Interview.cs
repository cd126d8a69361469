using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// The questions of a tool on its way to a shell, and the answers. All is over with the first word of that shell: what stands on the
/// tool's outputs then may be the other side's, and what is typed would be the link's. Thread-safe.
/// </summary>
internal sealed class Interview(Tool tool)
{
    // Of lines before a shell speaks, more than any login has.
    private const int MostLines = 1000;

    private readonly Lock _lock = new();

    // Under _lock.
    private readonly List<Answered> _given = [];
    private readonly List<string> _lines = [];
    private int _begin; // of the lines since the last answer
    private string? _answered;
    private bool _hasShell;
    private bool _isOver;

    /// <summary>Whether the tool asks on a terminal, and not on its standard error.</summary>
    public bool NeedsTerminal => tool.NeedsTerminal;

    /// <summary>
    /// The lines until a shell spoke, from the first one on and as many as are kept: however much the other side says then, a tool's own words
    /// are among them.
    /// </summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines.Select(VisibleText.Line)];
            }
        }
    }

    /// <summary>The questions that were answered, in the order of the answers.</summary>
    public IReadOnlyList<Answered> Given
    {
        get
        {
            lock (_lock)
            {
                return [.. _given];
            }
        }
    }

    /// <summary>Takes a line of the tool's standard error or terminal.</summary>
    /// <returns>Whether people are to see it now: not a question that was answered, nor why a try failed that may be followed by another.</returns>
    public bool Hear(string line)
    {
        lock (_lock)
        {
            if (_hasShell)
            {
                return true;
            }

            // The question that was answered ends its line with the answer: it stands before no other one.
            bool isAnswered = _answered is { } answered && line.AsSpan().TrimEnd().SequenceEqual(answered.AsSpan().TrimEnd());
            _answered = null;
            if (!isAnswered && _lines.Count <= MostLines)
            {
                _lines.Add(line);
            }

            _isOver |= tool.IsLastWord(line);
            return !isAnswered && !tool.IsOfTry(line);
        }
    }

    /// <summary>The shell has spoken.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = _hasShell = true;
            _lines.Clear(); // nobody asks for them any more, and they would be kept as long as the context
        }
    }

    /// <param name="asked">The text that stands there.</param>
    /// <returns>
    /// The text to type, which may be nothing but the Enter key; <see langword="null"/> if it is no question, or none yet.
    /// </returns>
    /// <exception cref="StartRefusedException">Nobody can answer it.</exception>
    public Secret? Answer(Asked asked)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return null;
            }

            asked = asked with { Before = _lines.Count > MostLines ? null : _lines[_begin..], Given = [.. _given] };
            Reply? reply = tool.Reply(asked);
            if (reply is null)
            {
                return IsWaiting(asked) ? throw new StartRefusedException(tool.Unanswerable(asked)) : null;
            }

            if (reply is Reply.Refuse refused)
            {
                throw new StartRefusedException(refused.Problem);
            }

            if (reply is Reply.Type { Secret: null } missing)
            {
                throw new StartRefusedException(Tool.TellsOfExpiry(asked) ? tool.Unanswerable(asked) : new(
                    BootstrapReason.PasswordRequired, $"{tool.File} asks for {missing.What}: set {missing.Option}."));
            }

            _begin = _lines.Count;
            _answered = asked.Text;
            _given.Add(new Answered(asked.Text, (reply as Reply.Type)?.What));
            return (reply as Reply.Type)?.Secret ?? Tool.JustEnter;
        }
    }

    // A terminal that shows nothing of what is typed waits for a secret. Elsewhere only time tells; and a banner without an end of line, which
    // a slow login may follow, is no question.
    private static bool IsWaiting(Asked asked) => asked.Standing switch
    {
        Standing.Fresh => false,
        Standing.Settled => asked.IsHidden || (!asked.IsOnOutput && QuestionWords.IsQuestion(asked.Text) && Tool.TellsOfExpiry(asked)),
        _ => asked.IsHidden || QuestionWords.IsQuestion(asked.Text),
    };
}
