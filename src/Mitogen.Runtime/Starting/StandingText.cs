using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>The text on an output without an end of line, and for how long it has stood there. Its owner's lock guards it.</summary>
internal sealed class StandingText : IDisposable
{
    // A prompt is written at once; what comes in pieces follows sooner than this.
    private static readonly TimeSpan s_settles = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private string _text = "";
    private int _answered;
    private long _since;
    private bool _isOver;

    /// <param name="patience">After how long it waits for an answer.</param>
    /// <param name="onTime">Called on a timer's thread when it is time to <see cref="Advance"/>.</param>
    /// <param name="time">The clock.</param>
    public StandingText(TimeSpan patience, Action<StandingText> onTime, TimeProvider time)
    {
        _patience = patience > s_settles ? patience : s_settles;
        _time = time;
        _timer = time.CreateTimer(_ => onTime(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The text, without what was answered.</summary>
    public string Rest => _text[_answered..];

    public bool IsHidden { get; private set; }

    public Standing Standing { get; private set; }

    public void Set(string text, bool isHidden)
    {
        if (text == _text && isHidden == IsHidden)
        {
            return;
        }

        // Only a line that goes on has what was answered in front.
        if (!text.StartsWith(_text, StringComparison.Ordinal))
        {
            _answered = 0;
        }

        _text = text;
        IsHidden = isHidden;
        _since = _time.GetTimestamp();
        Standing = Standing.Fresh;
        Wait(Rest.Length > 0 ? s_settles : Timeout.InfiniteTimeSpan);
    }

    /// <summary>The text that stands there now was answered.</summary>
    public void Answered()
    {
        _answered = _text.Length;
        Wait(Timeout.InfiniteTimeSpan);
    }

    /// <summary>The line has ended.</summary>
    public void EndLine()
    {
        _text = "";
        _answered = 0;
        IsHidden = false;
        Wait(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks at the clock.</summary>
    public void Advance()
    {
        TimeSpan elapsed = _time.GetElapsedTime(_since);
        Standing = elapsed >= _patience ? Standing.Waiting : elapsed >= s_settles ? Standing.Settled : Standing.Fresh;
        if (Rest.Length > 0 && Standing != Standing.Waiting)
        {
            Wait((Standing == Standing.Fresh ? s_settles : _patience) - elapsed);
        }
    }

    /// <summary>Keeps what stands there, but looks at no clock any more.</summary>
    public void Dispose()
    {
        _isOver = true;
        _timer.Dispose();
    }

    // Rounded up: a timer that came too early would have to be set again at once.
    private void Wait(TimeSpan time)
    {
        if (!_isOver)
        {
            _ = _timer.Change(
                time == Timeout.InfiniteTimeSpan ? time : TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 1, uint.MaxValue - 1)),
                Timeout.InfiniteTimeSpan);
        }
    }
}
