namespace Mitogen.Toolkit.Transfers;

/// <summary>Counts what a sink does, and tells the other side of it from time to time.</summary>
internal sealed class SinkCounter(IProgress<SinkAnswers> answers, int maxListed)
{
    private const int Interval = 100; // milliseconds

    private readonly List<SinkAnswer> _answers = [];
    private readonly List<string> _changedFiles = [];
    private readonly List<TransferChange> _changes = [];
    private long _told = Environment.TickCount64;

    public long TotalFiles { get; set; }

    public long TotalBytes { get; set; }

    public bool IsTotalKnown { get; set; }

    public long Written { get; private set; }

    public long Unchanged { get; private set; }

    public long Folders { get; set; }

    public long Links { get; set; }

    public long Deleted { get; set; }

    /// <summary>Bytes of content that came.</summary>
    public long Received { get; set; }

    /// <summary>Bytes of content that were there of an earlier transfer.</summary>
    public long Resumed { get; set; }

    /// <summary>Bytes of content that were there already.</summary>
    public long Present { get; set; }

    private SinkCounts Counts => new(Written + Unchanged, TotalFiles, Received + Resumed + Present, TotalBytes, IsTotalKnown);

    public void CountWritten() => Written++;

    public void CountUnchanged(long size)
    {
        Unchanged++;
        Present += size;
    }

    public void AddChange(TransferChangeKind kind, FileKind entry, string path)
    {
        if (_changes.Count < maxListed)
        {
            _changes.Add(new TransferChange(kind, entry, path));
        }
    }

    public void AddChangedFile(string path)
    {
        if (_changedFiles.Count < maxListed)
        {
            _changedFiles.Add(path);
        }
    }

    /// <summary>Answers to one more file. Equal answers are one.</summary>
    public void Answer(SinkAnswerKind kind, long offset = 0, byte[]? hash = null)
    {
        if (hash is null && _answers.Count > 0 && _answers[^1] is { } last && last.Kind == kind)
        {
            _answers[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            _answers.Add(new SinkAnswer(kind, 1, offset, hash));
        }
    }

    /// <summary>Tells answers at once, and how far it is at intervals.</summary>
    public void Tell(string current, bool always = false)
    {
        long now = Environment.TickCount64;
        if (_answers.Count == 0 && !always && now - _told < Interval)
        {
            return;
        }

        _told = now;
        answers.Report(new SinkAnswers([.. _answers], Counts, current));
        _answers.Clear();
    }

    public SinkReport Report() =>
        new(Counts, Written, Unchanged, Folders, Links, Deleted, Received, Resumed, _changedFiles, _changes);
}
