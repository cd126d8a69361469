namespace Fleet.Views;

/// <summary>A way to show what is going on, and what came of it.</summary>
internal interface IView
{
    /// <summary>Shows all updates, to the last one, and then the totals.</summary>
    Task<Outcomes> ShowAsync(IReadOnlyList<Target> targets, IAsyncEnumerable<Update> updates);
}
