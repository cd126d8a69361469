using Microsoft.Extensions.Logging;
using Mitogen.Interop;

namespace Mitogen.Logging;

/// <summary>
/// Says in the log that records of contexts were lost: at once, and then once for each child of the root and interval at the most, however
/// many contexts behind it lose how many. Losses that are not told by then are told at the end.
/// </summary>
internal sealed class LostRecords : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly long _interval;
    private readonly Lock _lock = new();
    private readonly Timer _timer;

    // Both under the lock: what of each child's branch is to be told, and for when the timer is set.
    private readonly Dictionary<string, Branch> _branches = [];
    private long _next = long.MaxValue;

    /// <param name="logger">Where it is said.</param>
    /// <param name="interval">In milliseconds.</param>
    public LostRecords(ILogger logger, int interval)
    {
        _logger = logger;
        _interval = interval;
        _timer = Detached.CreateTimer(static l => ((LostRecords)l!).TellGuarded(all: false), this);
    }

    /// <summary>Notes a loss.</summary>
    /// <param name="context">Who lost the records: a context's path.</param>
    /// <param name="count">How many.</param>
    public void Add(string context, int count)
    {
        lock (_lock)
        {
            string child = ContextPath.ChildOf(context);
            if (!_branches.TryGetValue(child, out Branch? branch))
            {
                _branches.Add(child, branch = new Branch());
            }

            branch.Add(context, count);
        }

        Tell(all: false);
    }

    /// <summary>Tells the rest. No more is added.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false); // waits for one that is telling
        TellGuarded(all: true);
    }

    private void TellGuarded(bool all)
    {
#pragma warning disable CA1031 // a logger that throws on a timer's thread would end the process, and there is nowhere to log that to
        try
        {
            Tell(all);
        }
        catch (Exception)
        {
            // Words that it did not take are lost, as are the records themselves.
        }
#pragma warning restore CA1031
    }

    private void Tell(bool all)
    {
        foreach (Branch branch in Take(all))
        {
            Log.RecordsDropped(_logger, branch.Count, branch.Most, branch.Others);
        }
    }

    private List<Branch> Take(bool all)
    {
        List<Branch> due = [];
        lock (_lock)
        {
            long now = Environment.TickCount64;
            _next = long.MaxValue;
            foreach ((string child, Branch branch) in _branches.ToArray())
            {
                if (!all && branch.Due > now)
                {
                    _next = Math.Min(_next, branch.Due);
                }
                else if (branch.Count == 0)
                {
                    _ = _branches.Remove(child);
                }
                else
                {
                    due.Add(branch);
                    _branches[child] = new Branch { Due = now + _interval };
                    _next = Math.Min(_next, now + _interval);
                }
            }

            if (!all && _next < long.MaxValue)
            {
                _ = _timer.Change(Math.Max(1, _next - now), Timeout.Infinite);
            }
        }

        return due;
    }

    /// <summary>The losses of contexts behind one child since they were last told.</summary>
    private sealed class Branch
    {
        // A name for each of a few: a hostile child makes up as many as it likes.
        private const int MostNames = 16;

        private readonly Dictionary<string, int> _counts = [];

        /// <summary>When the next record may be written.</summary>
        public long Due { get; init; }

        public int Count { get; private set; }

        /// <summary>Who lost the most of those that are known.</summary>
        public string Most => _counts.MaxBy(c => c.Value).Key;

        /// <summary>The text about the others, if there are some.</summary>
        public string Others => _counts.Count switch
        {
            1 => "",
            MostNames => $" and {MostNames - 1} or more others behind the same child",
            int count => $" and {count - 1} other{(count > 2 ? "s" : "")} behind the same child",
        };

        public void Add(string context, int count)
        {
            Count = (int)Math.Min((long)Count + count, int.MaxValue);
            if (_counts.Count < MostNames || _counts.ContainsKey(context))
            {
                _counts[context] = (int)Math.Min((long)_counts.GetValueOrDefault(context) + count, int.MaxValue);
            }
        }
    }
}
