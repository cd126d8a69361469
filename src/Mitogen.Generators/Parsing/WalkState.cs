using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>How deep a walk over types is, and what it has found to be wrong. It ends with the first error.</summary>
internal sealed class WalkState
{
    /// <summary>How many types lead from what is sent to a part of it at most.</summary>
    private const int MaxDepth = 300;

    /// <summary>The end of a path or name that is longer than messages have it.</summary>
    public const string Cut = "...";

    // Characters of a name in a message.
    private const int MaxName = 100;

    private int _depth;

    public WireError? Error { get; set; }

    /// <summary>The type that <see cref="Error"/> is about.</summary>
    public ITypeSymbol? Refused { get; private set; }

    /// <summary>What can be sent and not be checked.</summary>
    public List<WireWarning> Warnings { get; } = [];

    /// <summary>Goes down to a type, which <see cref="Leave"/> ends; <see langword="false"/> if the walk ends there.</summary>
    /// <remarks>It ends also where types lead to each other without end.</remarks>
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

    /// <param name="path">From what is sent down to the type.</param>
    /// <param name="type">The type.</param>
    /// <param name="reason">What is wrong and what to do.</param>
    /// <param name="isLoss">Whether it could be sent, and would arrive as less than it is.</param>
    /// <param name="isOfCompiler">Whether the compiler says so itself.</param>
    public void Refuse(string path, ITypeSymbol type, string reason, bool isLoss = false, bool isOfCompiler = false)
    {
        if (Error is null)
        {
            Error = new WireError(Shorten(path), $"'{Shorten(TypeNames.People(type))}' {reason}", isLoss) { IsOfCompiler = isOfCompiler };
            Refused = type;
        }
    }

    /// <summary>Takes over how another walk, of a part that is sent by itself, has ended.</summary>
    public void Refuse(WalkState part)
    {
        if (Error is null)
        {
            (Error, Refused) = (part.Error, part.Refused);
        }
    }

    public void Warn(string path, ITypeSymbol type, string reason)
    {
        WireWarning warning = new(path, $"'{TypeNames.People(type)}' {reason}");
        if (!Warnings.Contains(warning))
        {
            Warnings.Add(warning);
        }
    }

    private static string Shorten(string name) => name.Length <= MaxName ? name : name.Substring(0, MaxName) + Cut;
}
