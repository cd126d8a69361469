namespace Mitogen.Hosting;

/// <summary>One start of a named context, and the life of what came of it.</summary>
internal sealed class ContextRun
{
    private readonly Lazy<IRemoteContext> _context;
    private volatile Exception? _failure;
    private volatile bool _isEndWanted;

    /// <param name="start">Starts it, without waiting until it is up. All who come meanwhile wait for the same start.</param>
    /// <param name="startedAt">The time of the clock.</param>
    public ContextRun(Func<ContextRun, IRemoteContext> start, long startedAt)
    {
        StartedAt = startedAt;
        _context = new Lazy<IRemoteContext>(() =>
        {
            try
            {
                return start(this);
            }
            catch (Exception e)
            {
                _failure = e;
                throw;
            }
        });
    }

    public long StartedAt { get; }

    /// <summary>The options that it was started with.</summary>
    public NamedContextOptions Options { get; set; } = new();

    /// <summary>Whether its user asked for its end. Set before that is asked for.</summary>
    public bool IsEndWanted { get => _isEndWanted; set => _isEndWanted = value; }

    /// <summary>Whether note was taken of its end. Guarded by its owner's lock.</summary>
    public bool IsNoted { get; set; }

    /// <summary>The context, which may not be up yet; the first who asks starts it. Throws what the start threw, to everybody.</summary>
    public IRemoteContext Context => _context.Value;

    /// <summary>The context; <see langword="null"/> while nobody has started it.</summary>
    public IRemoteContext? Started => _context.IsValueCreated ? _context.Value : null;

    /// <summary>Why it could not even be tried.</summary>
    public Exception? Failure => _failure;

    /// <summary>Whether it was up before it ended.</summary>
    public bool WasUp => Started is { Id: > 0 };

    /// <summary>Whether nothing can be called there any more.</summary>
    public bool IsOver => Failure is not null || Started?.DisconnectReason is not null;
}
