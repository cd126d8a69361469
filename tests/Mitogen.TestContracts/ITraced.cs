namespace Mitogen.TestContracts;

/// <summary>What code saw of the trace that it is a part of.</summary>
/// <param name="Context">The name of its context.</param>
/// <param name="Span">The id of the span that it worked in; empty: there was none.</param>
/// <param name="Trace">The id of the trace.</param>
/// <param name="Baggage">The value of the baggage <c>key</c>.</param>
public sealed record SeenSpan(string Context, string Span, string Trace, string? Baggage);

/// <summary>Works in spans of its own, of the source <c>Mitogen.TestServices</c>.</summary>
[Remote]
public interface ITraced
{
    /// <summary>Works and logs in a span, starts a context below its own and calls it, and so on.</summary>
    /// <param name="levels">How many contexts.</param>
    /// <returns>What each of them saw, the first one first.</returns>
    Task<SeenSpan[]> DescendAsync(int levels);

    /// <summary>Calls back.</summary>
    Task<SeenSpan> CallBackAsync(ITraceSeer seer);

    /// <summary>Makes a span and a log record with values that have no text, and names that are none.</summary>
    Task BeOddAsync();

    /// <summary>Starts a context, <c>unheard</c>, in a span of the source <c>Mitogen.TestServices.Unheard</c>.</summary>
    Task CallUnheardAsync();

    /// <summary>Waits for its token.</summary>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>Fails in its span.</summary>
    Task FailAsync(string message);
}

/// <summary>Tells what it saw of a trace.</summary>
[Remote]
public interface ITraceSeer
{
    Task<SeenSpan> SeeAsync();
}
