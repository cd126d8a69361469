using Microsoft.Extensions.Logging;

namespace Mitogen;

/// <summary>The records of the runtime itself. Event ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Count} frames from '{Link}' were dropped, the first one {What} (kind {Kind}, {Length} bytes).")]
    public static partial void FramesDropped(ILogger logger, int count, string link, string what, byte kind, int length);

    [LoggerMessage(2, LogLevel.Warning, "The one-way call of {Method} failed.")]
    public static partial void OneWayFailed(ILogger logger, string method, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "{Service} could not be disposed.")]
    public static partial void DisposeFailed(ILogger logger, string service, Exception error);

    [LoggerMessage(4, LogLevel.Debug, "Context '{Context}' is up as number {Id}: process {ProcessId} on {HostName}.")]
    public static partial void ContextUp(ILogger logger, string context, uint id, int processId, string hostName);

    [LoggerMessage(5, LogLevel.Debug, "Context '{Context}' is gone: {Reason}")]
    public static partial void ContextGone(ILogger logger, string context, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Count} log records of context '{Context}'{Others} were dropped: more waited than the option MaxLogBytes allows, or they named a context that is not below it.")]
    public static partial void RecordsDropped(ILogger logger, int count, string context, string others);

    [LoggerMessage(7, LogLevel.Warning, "Context '{Context}' could not be ended in order.")]
    public static partial void EndFailed(ILogger logger, string context, Exception error);

    [LoggerMessage(8, LogLevel.Warning, "Code that a call left behind failed: a registration on a token, a progress report, the disposal of a result, or a listener to spans or measurements.")]
    public static partial void CallbackFailed(ILogger logger, Exception error);

    [LoggerMessage(9, LogLevel.Warning, "Context '{Context}' did not come up: {Reason}")]
    public static partial void NotStarted(ILogger logger, string context, string reason);

    [LoggerMessage(10, LogLevel.Warning, "{Method} failed, and nobody used the object that it promised.")]
    public static partial void PromiseFailed(ILogger logger, string method, Exception error);

    [LoggerMessage(11, LogLevel.Debug, "The start of context '{Context}': a shell after {Reached}, its hello after {Hello}, ready after {Ready}; {Sent} bytes there, {Received} bytes back.")]
    public static partial void ContextStarted(
        ILogger logger, string context, TimeSpan? reached, TimeSpan? hello, TimeSpan ready, long sent, long received);

    [LoggerMessage(12, LogLevel.Error, "Something of the runtime's own failed in context '{Context}'. A link may have ended for it; the others go on.")]
    public static partial void RuntimeFailed(ILogger logger, string context, Exception error);

    [LoggerMessage(13, LogLevel.Warning, "{Count} records of the runtime itself were dropped: the loggers are too slow, or failed.")]
    public static partial void OwnRecordsDropped(ILogger logger, int count);

    [LoggerMessage(14, LogLevel.Debug, "The start of context '{Context}' is tried again in {Pause}. {Why}")]
    public static partial void StartRepeated(ILogger logger, string context, TimeSpan pause, string why);

    [LoggerMessage(20, LogLevel.Warning, "{Count} one-way calls of {Contract} had not ended when their context '{Context}' did: some may not have been executed.")]
    public static partial void PostsLost(ILogger logger, int count, string contract, string context);

    [LoggerMessage(21, LogLevel.Warning, "{Count} releases of objects of context '{Context}' failed: the objects may stay there as long as it lives.")]
    public static partial void ReleasesFailed(ILogger logger, int count, string context, Exception? error);

    [LoggerMessage(22, LogLevel.Warning, "{Waiting} calls to context '{Context}' wait: {Holding} are under way, and for {Time} none of them has ended. The option MaxOpenStreams ({Most}) bounds them. The oldest: {Oldest}.")]
    public static partial void CallsWait(ILogger logger, int waiting, string context, int holding, TimeSpan time, int most, string oldest);

    [LoggerMessage(23, LogLevel.Warning, "{Waiting} calls in context '{Context}' wait: {Method}, which is before them, has not returned its task for {Time}. A method that works before its first await holds up the calls of its caller after it: let it await, or set [RemoteService(Ordered = false)].")]
    public static partial void CallsHeldUp(ILogger logger, int waiting, string context, string method, TimeSpan time);
}
