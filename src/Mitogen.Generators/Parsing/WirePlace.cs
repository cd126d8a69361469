namespace Mitogen.Generators.Parsing;

/// <summary>Where a type stands.</summary>
internal enum WirePlace
{
    /// <summary>In an argument or a result, which can hold references.</summary>
    Call,

    /// <summary>In an item of a stream, which is data.</summary>
    Item,

    /// <summary>In a report of progress, which is data.</summary>
    Report,
}
