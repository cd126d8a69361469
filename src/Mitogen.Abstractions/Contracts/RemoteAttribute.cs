namespace Mitogen;

/// <summary>Makes an interface a contract: its methods can be called in another context through a generated proxy.</summary>
/// <remarks>
/// The source generator emits a proxy, a dispatcher and the formatters that the contract's types need. A member whose shape
/// cannot cross contexts is a compile-time error at that member.
/// </remarks>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class RemoteAttribute : Attribute;
