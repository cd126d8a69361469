using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>The bounds that end a walk over types which lead to each other without end.</summary>
internal sealed partial class PayloadWalk
{
    /// <summary>How many types lead from what is sent to a part of it at most.</summary>
    private const int MaxDepth = 300;

    private int _depth;

    /// <summary>Goes down to a type, which <see cref="Leave"/> ends; <see langword="false"/> if the walk ends there.</summary>
    public bool Enter(ITypeSymbol type, string path)
    {
        if (Error is null && TypeSize.IsMoreThan(_depth == MaxDepth ? TypeSize.Suspect : TypeSize.Max, type))
        {
            Refuse(path, type, "is one of ever larger types that lead to each other: declare a type whose members do not use it with larger type arguments");
        }
        else if (Error is null && _depth == MaxDepth)
        {
            Refuse(path, type, $"is more than {MaxDepth} types deep in what is sent: send its id, and ask for it by that");
        }

        if (Error is not null)
        {
            return false;
        }

        // As long as there is stack, the result does not depend on how much.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _depth++;
        return true;
    }

    public void Leave() => _depth--;
}
