namespace Mitogen.Generators.Model;

/// <summary>The type of an argument or a result.</summary>
/// <param name="TypeName">The type as source, with its nullable annotations.</param>
/// <param name="Encoding">How it is written and read.</param>
/// <param name="Formatters">Every formatter that it needs, in a stable order; to be emitted once per assembly.</param>
/// <param name="Error">Why it cannot be sent, if it cannot.</param>
internal sealed record WireType(string TypeName, WireEncoding Encoding, EquatableArray<FormatterModel> Formatters, WireError? Error)
    : EncodedType(TypeName, Encoding)
{
    /// <summary>What it passes that is not data; <see langword="null"/> where it is all data.</summary>
    public WireReferences? References { get; init; }

    /// <summary>The parts that can be sent, and are not checked when they are read.</summary>
    public EquatableArray<WireWarning> Warnings { get; init; }
}

/// <summary>The contracts and streams that a type passes: they stay where they are, and a reference is sent.</summary>
/// <param name="Path">From the data's type down to the first of them.</param>
/// <param name="What">What that one is, for people.</param>
/// <param name="Contracts">The full metadata names of those contracts that this compilation declares.</param>
internal sealed record WireReferences(string Path, string What, EquatableArray<string> Contracts);

/// <summary>Why a type cannot be sent.</summary>
/// <param name="Path">From the data's type down to the member at fault, such as <c>Order.Customer.Handle</c>.</param>
/// <param name="Reason">What is wrong and what to do.</param>
/// <param name="IsLoss">Whether it could be sent, and would arrive as less than it is.</param>
internal sealed record WireError(string Path, string Reason, bool IsLoss = false)
{
    /// <summary>Whether the compiler has an error there itself, of which this one may be the consequence.</summary>
    public bool IsOfCompiler { get; init; }
}

/// <summary>Why a part cannot be checked.</summary>
/// <param name="Path">From the data's type down to the part.</param>
/// <param name="Reason">What is not known and what to do.</param>
internal sealed record WireWarning(string Path, string Reason);
