using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object as one of its contracts shows it. Two are equal if they are of the very same object, whatever it says of equality.</summary>
internal readonly struct ObjectFace(object target, ulong contract) : IEquatable<ObjectFace>
{
    private readonly object _target = target;
    private readonly ulong _contract = contract;

    public bool Equals(ObjectFace other) => ReferenceEquals(_target, other._target) && _contract == other._contract;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ObjectFace other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_target), _contract);
}
