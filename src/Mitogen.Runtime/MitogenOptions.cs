using System.Globalization;
using Microsoft.Extensions.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen;

/// <summary>Options of a root and, where they are bounds of the protocol, of the whole tree below it.</summary>
/// <remarks>A root reads them once, when it is created. Not safe for changes by several threads at once.</remarks>
public sealed record MitogenOptions
{
    /// <summary>The root's name in logs and errors. Default: <c>root</c>.</summary>
    public string Name { get; set; } = "root";

    /// <summary>
    /// Where the log records and the output of all contexts go. Without one, <see cref="MitogenRoot.Create(MitogenOptions?)"/> logs nothing and
    /// <see cref="MitogenApp"/> logs to standard error. It is not disposed.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>
    /// From where the root's own services get what their constructors ask for; what it does not have comes from the program's
    /// <see cref="RemoteStartupAttribute"/> classes. Services of other contexts do not see it. Default: none. It is not disposed.
    /// </summary>
    public IServiceProvider? Services { get; set; }

    /// <summary>The contracts and services. Default: what the executables of this process registered.</summary>
    public RemoteCatalog? Catalog { get; set; }

    /// <summary>How many bytes each end of a new stream may send before the other grants more. Default: 16 KiB; 1 KiB to 1 MiB.</summary>
    public int InitialWindow { get; set; } = 16 * 1024;

    /// <summary>
    /// The largest window, in bytes, that the receiver of a long message grants. Default: 1 MiB; <see cref="InitialWindow"/> to 16 MiB.
    /// </summary>
    public int BulkWindow { get; set; } = 1024 * 1024;

    /// <summary>
    /// How many calls a context has under way to one other, besides one for each that the other has under way to it; further ones wait. Calls
    /// that give items or bytes are counted apart. Default: 1,024; up to 1,048,576.
    /// </summary>
    public int MaxOpenStreams { get; set; } = 1024;

    /// <summary>
    /// How many calls to one context wait for others to end; further ones fail with <see cref="InvalidOperationException"/>. Default:
    /// 100,000; up to 16,777,216.
    /// </summary>
    public int MaxWaitingCalls { get; set; } = 100_000;

    /// <summary>By how many bytes all windows of a link together exceed their initial size. Default: 16 MiB; up to 1 GiB.</summary>
    public int MaxLinkCredit { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many contexts one child of the root may have started in its life, itself and below it together; rounded up to blocks of 64. A
    /// child further down may have a quarter for each level, but at least 4,096. A further start fails. Default: 65,536.
    /// </summary>
    public int MaxContextsPerChild { get; set; } = 65_536;

    /// <summary>
    /// How many contexts each context starts at the same time; further starts wait, and their
    /// <see cref="Connection.ConnectTimeout"/> begins when it is their turn. Default: 16; up to 65,536.
    /// </summary>
    public int MaxConcurrentStarts { get; set; } = 16;

    /// <summary>
    /// How many starts of a context send their executable over a network at the same time, so that on a line that they share each is done soon; for
    /// further ones their time stands still until it is their turn. An executable that was taken within a second does not keep the others waiting, nor one that
    /// is on its way for more than 10. Default: 4; up to 65,536.
    /// </summary>
    public int MaxConcurrentUploads { get; set; } = 4;

    /// <summary>
    /// After how long without sending anything a link sends a sign of life. Default: 15 seconds; up to 12 days;
    /// <see cref="TimeSpan.Zero"/>: never.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After how long without receiving anything a link counts as lost, on both of its sides. Default: 60 seconds;
    /// <see cref="TimeSpan.Zero"/>: never. More than twice <see cref="KeepAliveInterval"/>. While a debugger is attached to a process,
    /// no silence on its links counts.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest arguments or result of one call, in bytes. Default and most: 1 GiB.</summary>
    public int MaxMessageSize { get; set; } = 1024 * 1024 * 1024;

    /// <summary>
    /// The largest native executable, in bytes by gzip, that a context has from its parent when it starts a native context and has none
    /// itself. It keeps one for each platform, to its end, so that this bounds what it keeps. A start that needs a larger one fails with
    /// <see cref="BootstrapReason.AgentMissing"/>. Default: 64 MiB; up to 1 GiB.
    /// </summary>
    public int MaxExecutableSize { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many calls all contexts behind one child's link may have under way to this context at the same time; a branch below the child has a
    /// quarter. A further call fails at its caller. Default: 16,384; from 1, up to 16,777,216.
    /// </summary>
    public int MaxLinkStreams { get; set; } = 16 * 1024;

    /// <summary>
    /// How many bytes of arguments, results and answers are kept here for all contexts behind one child's link together; a branch below the
    /// child has three quarters. A call that needs more fails. Below <see cref="MaxMessageSize"/>, it bounds messages from below too.
    /// Default: 2,000 MiB; from 64 KiB, up to 2 GiB.
    /// </summary>
    public int MaxLinkMemory { get; set; } = 2000 * 1024 * 1024;

    /// <summary>
    /// How many calls from behind one child's link may wait here for a call before them, or for an object that is only promised. A child that
    /// needs more is cut off. Default: 65,536; from 16, up to 16,777,216.
    /// </summary>
    public int MaxParkedCalls { get; set; } = 64 * 1024;

    /// <summary>
    /// How many blocking methods, each on a thread of its own, run here at the same time for all contexts behind one child's link; further
    /// calls wait. Default: 512; from 1, up to 65,536.
    /// </summary>
    public int MaxBlockingCalls { get; set; } = 512;

    /// <summary>How many bytes of log records wait in a context to be delivered; further records are dropped and counted. Default: 16 MiB; 64 KiB to 1 GiB.</summary>
    public int MaxLogBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>After how many frames that it may not send a child's link is closed. Default: 1,000; from 1.</summary>
    public int MaxDroppedFrames { get; set; } = 1000;

    /// <summary>How often the log says, at most, that frames of a link, or log records of a child and those below it, were dropped. Default: 10 seconds; up to 12 days.</summary>
    public TimeSpan LogInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After how long the log says that calls wait because <see cref="MaxOpenStreams"/> others are under way and none of them ends. Default: 10
    /// seconds; up to 12 days; <see cref="TimeSpan.Zero"/>: never.
    /// </summary>
    public TimeSpan WaitWarning { get; set; } = TimeSpan.FromSeconds(10);

    // Twice that is still a number of milliseconds.
    private const int MaxInterval = (int.MaxValue / 2) - 1;

    /// <summary>Looks for values that a root does not take.</summary>
    /// <returns>A sentence for each, with its name, its range and its value; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors()
    {
        List<string> errors = [];
        _ = ToKernelOptions((_, value, problem) => errors.Add(string.Create(CultureInfo.InvariantCulture, $"{problem} It is {value}.")));
        if (NameError is { } error)
        {
            errors.Add(error);
        }

        return errors;
    }

    /// <exception cref="ArgumentException">The name is none, or an option is out of its range.</exception>
    internal KernelOptions ToKernelOptions() => NameError is { } error
        ? throw new ArgumentException(error)
        : ToKernelOptions(static (name, value, problem) => throw new ArgumentOutOfRangeException(name, value, problem));

    private string? NameError => ContextNames.IsName(Name) ? null
        : $"MitogenOptions.Name is 1 to 100 characters, and no slash or control character. It is '{VisibleText.Line(Name ?? "")}'.";

    private KernelOptions ToKernelOptions(Action<string, object, string> report) => new()
    {
        InitialWindow = InRange(InitialWindow, 1024, 1024 * 1024, nameof(InitialWindow), report),
        BulkWindow = InRange(BulkWindow, InitialWindow, 16 * 1024 * 1024, nameof(BulkWindow), report),
        MaxOpenStreams = InRange(MaxOpenStreams, 1, 1024 * 1024, nameof(MaxOpenStreams), report),
        MaxWaitingStreams = InRange(MaxWaitingCalls, 0, 16 * 1024 * 1024, nameof(MaxWaitingCalls), report),
        MaxLinkCredit = InRange(MaxLinkCredit, 0, 1024 * 1024 * 1024, nameof(MaxLinkCredit), report),
        MaxLeasedIds = InRange(MaxContextsPerChild, 1, int.MaxValue, nameof(MaxContextsPerChild), report),
        MaxConcurrentStarts = InRange(MaxConcurrentStarts, 1, 65_536, nameof(MaxConcurrentStarts), report),
        MaxConcurrentUploads = InRange(MaxConcurrentUploads, 1, 65_536, nameof(MaxConcurrentUploads), report),
        KeepAliveMilliseconds = InRange((int)KeepAliveInterval.TotalMilliseconds, 0, MaxInterval, nameof(KeepAliveInterval), report),
        SilenceMilliseconds = KeepAliveTimeout == TimeSpan.Zero
            ? 0
            : InRange((int)KeepAliveTimeout.TotalMilliseconds, (2 * (int)KeepAliveInterval.TotalMilliseconds) + 1, int.MaxValue, nameof(KeepAliveTimeout), report),
        MaxMessageSize = InRange(MaxMessageSize, 1024, 1024 * 1024 * 1024, nameof(MaxMessageSize), report),
        MaxExecutableSize = InRange(MaxExecutableSize, 1024, 1024 * 1024 * 1024, nameof(MaxExecutableSize), report),
        MaxLinkStreams = InRange(MaxLinkStreams, 1, 16 * 1024 * 1024, nameof(MaxLinkStreams), report),
        MaxLinkMemory = InRange(MaxLinkMemory, 64 * 1024, int.MaxValue, nameof(MaxLinkMemory), report),
        MaxParkedCalls = InRange(MaxParkedCalls, 16, 16 * 1024 * 1024, nameof(MaxParkedCalls), report),
        MaxBlockingCalls = InRange(MaxBlockingCalls, 1, 65_536, nameof(MaxBlockingCalls), report),
        MaxLogBytes = InRange(MaxLogBytes, 64 * 1024, 1024 * 1024 * 1024, nameof(MaxLogBytes), report),
        MaxDroppedFrames = InRange(MaxDroppedFrames, 1, int.MaxValue, nameof(MaxDroppedFrames), report),
        WaitWarningMilliseconds = InRange((int)WaitWarning.TotalMilliseconds, 0, MaxInterval, nameof(WaitWarning), report),
        LogIntervalMilliseconds = InRange((int)LogInterval.TotalMilliseconds, 0, MaxInterval, nameof(LogInterval), report),
    };

    private static int InRange(int value, int least, int most, string name, Action<string, object, string> report)
    {
        if (value < least || value > most)
        {
            report(name, value, $"MitogenOptions.{name} is from {least} to {most}.");
        }

        return value;
    }
}
