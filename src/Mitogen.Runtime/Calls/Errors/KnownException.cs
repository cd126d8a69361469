namespace Mitogen.Calls;

/// <summary>Makes an exception of the base library of what arrived.</summary>
/// <param name="message">Its message.</param>
/// <param name="inner">The exception inside it.</param>
/// <param name="details">Its properties.</param>
internal delegate Exception CreateKnown(string message, Exception inner, ErrorDetails details);

/// <summary>Notes the properties of an exception.</summary>
internal delegate void DescribeKnown(Exception error, ErrorDetails details);

/// <summary>A type of the base library that arrives as itself.</summary>
internal sealed record KnownException(CreateKnown Create, DescribeKnown? Describe = null);
