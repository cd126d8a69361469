namespace Mitogen;

/// <summary>The form in which the program gets to a new context.</summary>
public enum ExecutableKind
{
    /// <summary><see cref="Native"/> where that can be had and nothing in the connection asks for the other; else <see cref="Managed"/>.</summary>
    Auto,

    /// <summary>
    /// The program as one executable, which needs no .NET: this process's own, if it is one, or the one in <c>executables/</c> beside the program,
    /// or that of a context above the one that starts it.
    /// </summary>
    Native,

    /// <summary>The program's assemblies, on a <c>dotnet</c> of the machine where the context runs.</summary>
    Managed,
}
