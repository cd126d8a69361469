namespace Mitogen.Executables;

/// <summary>What a search for a native executable ended with.</summary>
/// <param name="Payload">The executable, if there is one.</param>
/// <param name="Missing">Why there is none, and how to make one.</param>
internal sealed record FoundPayload(NativePayload? Payload, string Missing);
