namespace Mitogen.Logging;

/// <summary>
/// The categories under which the root's loggers get the records of other contexts. A logger factory keeps a logger for each category for good, so
/// that there are only so many. Records of others have a common category.
/// </summary>
internal sealed class LogCategories
{
    /// <summary>The category of records whose own one is one too many. It stands before their messages.</summary>
    public const string Common = "Mitogen.Contexts";

    private readonly NameBudget _names = new();

    /// <summary>Finds what to log under.</summary>
    /// <param name="context">The path of the context that logs.</param>
    /// <param name="category">Its category.</param>
    /// <returns>The category, or <see cref="Common"/>.</returns>
    public string Find(string context, string category) => _names.TryTake(context, category) ? category : Common;
}
