using System.Diagnostics;

namespace Mitogen.Telemetry;

/// <summary>What is measured of the start of a context.</summary>
internal sealed class StartSpan : MeasuredSpan
{
    private StartSpan(Activity? activity, in TagList tags, Action<Exception> onFailure)
        : base(activity, Instruments.StartDuration, tags, onFailure)
    {
    }

    /// <summary>A start begins. The rest of the calling method, if that is asynchronous, is a part of the span.</summary>
    /// <param name="context">The path of the new context.</param>
    /// <param name="connection">The kind of the connection.</param>
    /// <param name="onFailure">Is told what a listener throws at the end of the start.</param>
    /// <returns><see langword="null"/> where nobody listens.</returns>
    public static StartSpan? Begin(string context, string connection, Action<Exception> onFailure)
    {
        if (!Tracing.IsOn || !(Instruments.Source.HasListeners() || Instruments.StartDuration.Enabled))
        {
            return null;
        }

        TagList tags = new() { { "mitogen.connection", connection } };
        Activity? activity = Instruments.Source.StartActivity($"connect {connection}", ActivityKind.Internal, default(ActivityContext), tags);
        _ = activity?.SetTag("server.address", context);
        return new StartSpan(activity, tags, onFailure);
    }

    protected override string? TypeOf(Exception error) => error is BootstrapException failure ? $"{failure.Reason}" : base.TypeOf(error);
}
