namespace Mitogen;

/// <summary>Marks a contract method (<c>void</c>, <c>Task</c> or <c>ValueTask</c>) that does not wait for an answer.</summary>
/// <remarks>
/// The call completes as soon as it is handed to the link. It still starts in order with the other calls on its object. A
/// failure over there is logged there and is not reported to the caller.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class OneWayAttribute : Attribute;
