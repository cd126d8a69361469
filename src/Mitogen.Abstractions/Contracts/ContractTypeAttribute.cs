namespace Mitogen;

/// <summary>Says of a method's type parameter that only a contract may stand for it: another type is an error where code names it.</summary>
/// <remarks>
/// For methods that pass their type parameter on to <see cref="IRemoteContext.Get{T}()"/>. A method that implements or overrides one with the
/// mark needs none of its own. The analyzer that comes with this library reports MITO063.
/// </remarks>
[AttributeUsage(AttributeTargets.GenericParameter)]
public sealed class ContractTypeAttribute : Attribute;
