namespace Mitogen.Executables;

/// <summary>The result of a search for a native executable.</summary>
/// <param name="Payload">The executable, if there is one.</param>
/// <param name="Missing">Why there is none, and how to make one.</param>
internal sealed record FoundPayload(NativePayload? Payload, string Missing);
