using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Bounds the types that a walk looks at, because the members of a generic type may use it with ever larger arguments.</summary>
internal static class TypeSize
{
    /// <summary>How many types a type may be made of: itself, its type arguments, theirs, and so on.</summary>
    public const int Max = 100;

    /// <summary>So many are rare, so that a long way to such a type is most likely growth.</summary>
    public const int Suspect = 25;

    public static bool IsMoreThan(int most, ITypeSymbol type)
    {
        int left = most;
        return !Count(type, ref left);
    }

    // It ends at the bound: of a type that doubles with each step, the whole could not be counted.
    private static bool Count(ITypeSymbol? type, ref int left)
    {
        if (type is null)
        {
            return true;
        }

        if (--left < 0)
        {
            return false;
        }

        switch (type)
        {
            case IArrayTypeSymbol array:
                return Count(array.ElementType, ref left);
            case IPointerTypeSymbol pointer:
                return Count(pointer.PointedAtType, ref left);
            case INamedTypeSymbol named:
                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    if (!Count(argument, ref left))
                    {
                        return false;
                    }
                }

                return Count(named.ContainingType, ref left);
            default:
                return true;
        }
    }
}
