using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mitogen.Telemetry;

/// <summary>The identity of a span that another context has or had.</summary>
/// <param name="Trace">The trace's id, in 32 hexadecimal digits.</param>
/// <param name="Span">Its own, in 16 hexadecimal digits.</param>
/// <param name="Flags">Whether it is recorded.</param>
internal sealed record SpanId(string Trace, string Span, ActivityTraceFlags Flags)
{
    /// <summary>Whether it is one at all; a child may send anything.</summary>
    public bool IsComplete => IsHexadecimal(Trace, 32) && IsHexadecimal(Span, 16);

    /// <summary>The span that the calling code is a part of, if there is one.</summary>
    public static SpanId? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? Of(activity.Context) : null;

    public static SpanId Of(in ActivityContext span) => new(span.TraceId.ToHexString(), span.SpanId.ToHexString(), span.TraceFlags);

    /// <summary>Makes it the current one: what is logged now is a part of it. It is neither started nor told to any listener.</summary>
    public void Enter()
    {
        Activity activity = new Activity(nameof(SpanId)).SetIdFormat(ActivityIdFormat.W3C)
            .SetParentId(ActivityTraceId.CreateFromString(Trace), default, Flags); // nobody knows which span is above it
        _ = activity.TraceId;
        if (TryGiveTo(activity))
        {
            Activity.Current = activity;
        }
    }

    /// <summary>Gives a span this id in the place of one that the framework chose: it has no other way to tell of spans of elsewhere.</summary>
    /// <returns>Whether that was possible. It is in .NET 10; a later one may have other fields.</returns>
    public bool TryGiveTo(Activity activity)
    {
        try
        {
            FieldOfSpan(activity) = Span;
            FieldOfId(activity) = null;
            return true;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    private static bool IsHexadecimal(string? text, int length) =>
        text is not null && text.Length == length && text.All(char.IsAsciiHexDigitLower) && text.Any(static c => c != '0');

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? FieldOfSpan(Activity activity);

    // The whole id, where somebody asked for it already.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? FieldOfId(Activity activity);
}
