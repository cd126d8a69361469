using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>What a parse found: the model, which knows no place in source, and beside it everything that does.</summary>
/// <param name="Model">What emission needs; <see langword="null"/> where the source has an error.</param>
/// <param name="Location">The declaration's identifier, for diagnostics that several declarations cause.</param>
/// <param name="Diagnostics">What is wrong with the declaration.</param>
internal sealed record ParseResult<T>(T? Model, LocationInfo? Location, EquatableArray<DiagnosticInfo> Diagnostics)
    where T : class, IEquatable<T>;
