using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>
/// Names the generated class whose <c>public static void Register(RemoteCatalog)</c> registers an assembly's contracts and
/// services; the generator of the executable looks for it in referenced assemblies. For generated code only.
/// </summary>
/// <param name="registration">The generated class.</param>
/// <param name="registered">The contracts and services that it registers.</param>
[AttributeUsage(AttributeTargets.Assembly)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoteRegistrationAttribute(Type registration, params Type[] registered) : Attribute
{
    /// <summary>The generated class.</summary>
    public Type Registration { get; } = registration;

    /// <summary>The contracts and services that it registers, so that a compiler sees two of one kind before they meet at run time.</summary>
    public IReadOnlyList<Type> Registered { get; } = registered;
}
