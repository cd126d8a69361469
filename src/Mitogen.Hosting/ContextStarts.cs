using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mitogen.Hosting;

/// <summary>Starts a named context from what its options say then.</summary>
internal sealed partial class ContextStarts(
    string name, IRemoteContext root, IServiceProvider services, IOptionsMonitor<NamedContextOptions> options, TimeProvider time, ILogger logger)
{
    public string Name => name;

    public IRemoteContext Root => root;

    public TimeProvider Time => time;

    /// <summary>A run that the first who uses it starts.</summary>
    /// <param name="onEnd">Told on a pool thread when what was started has ended.</param>
    public ContextRun Prepare(Action<ContextRun> onEnd) => new(
        run =>
        {
            run.Options = options.Get(name);
            IRemoteContext context = root.Through(Chain(run.Options));
            _ = context.Disconnected.UnsafeRegister(_ => onEnd(run), null);
            return context;
        },
        time.GetTimestamp());

    public void LogEnd(ContextRun run, TimeSpan wait) =>
        Ended(logger, name, run.Started?.DisconnectReason?.ToString() ?? run.Failure?.Message ?? "", wait);

    public void LogCallbackFailure(Exception error) => CallbackFailed(logger, name, error);

    private Connection[] Chain(NamedContextOptions options)
    {
        IReadOnlyList<Connection> chain = options.Chain is { } make
            ? make(services) ?? throw new InvalidOperationException($"The Chain of the context '{name}' gave null in the place of connections.")
            : ConnectionString.Parse(options.Connection!);
        return [.. chain.SkipLast(1), .. chain.TakeLast(1).Select(last => last.Name is null ? last with { Name = name } : last)];
    }

    [LoggerMessage(1, LogLevel.Warning, "The context '{Name}' has ended: {Reason} Its next use, after {Wait}, starts it anew.")]
    private static partial void Ended(ILogger logger, string name, string reason, TimeSpan wait);

    [LoggerMessage(2, LogLevel.Error, "What was registered on Disconnected of the context '{Name}' failed.")]
    private static partial void CallbackFailed(ILogger logger, string name, Exception error);
}
