namespace Mitogen.Generators.Model;

/// <summary>How generated code writes and reads a value.</summary>
internal enum PayloadKind
{
    /// <summary>As its memory, every pattern of which is a value: <c>WriteUnmanaged</c> and <c>ReadUnmanaged</c>.</summary>
    Unmanaged,

    /// <summary>Written as its memory, and read by the method of <c>Payload</c> that <see cref="PayloadType.Target"/> names.</summary>
    Checked,

    /// <summary>A string.</summary>
    Text,

    /// <summary>By the formatter that <see cref="PayloadType.Target"/> names.</summary>
    Formatted,

    /// <summary>It cannot be sent; <see cref="PayloadType.Error"/> says why.</summary>
    Unsupported,
}

/// <summary>The type of an argument, a result, or a part of one.</summary>
/// <param name="TypeName">The type as source, with its nullable annotations.</param>
/// <param name="Kind">How it is written and read.</param>
/// <param name="Formatters">Every formatter that it needs, in a stable order; to be emitted once per assembly.</param>
/// <param name="Error">Why it cannot be sent, if it cannot.</param>
internal sealed record PayloadType(string TypeName, PayloadKind Kind, EquatableArray<FormatterModel> Formatters, PayloadError? Error)
{
    /// <summary>A method of <c>Payload</c> or an expression that yields the formatter, by <see cref="Kind"/>.</summary>
    public string Target { get; init; } = "";

    /// <summary>The thing that it passes and that is not data; <see langword="null"/> where it is all data.</summary>
    public PayloadReferences? References { get; init; }

    /// <summary>The parts that can be sent, and are not checked when they are read.</summary>
    public EquatableArray<PayloadWarning> Warnings { get; init; }
}

/// <summary>The contracts and streams that a type passes: they stay where they are, and a reference is sent.</summary>
/// <param name="Path">From the payload's type down to the first of them.</param>
/// <param name="What">The kind of that one, for people.</param>
/// <param name="Contracts">The full metadata names of those contracts that this compilation declares.</param>
internal sealed record PayloadReferences(string Path, string What, EquatableArray<string> Contracts);

/// <summary>Why a type cannot be sent.</summary>
/// <param name="Path">From the payload's type down to the member at fault, such as <c>Order.Customer.Handle</c>.</param>
/// <param name="Reason">The error, and the way out.</param>
/// <param name="IsLoss">Whether it could be sent, and would arrive as less than it is.</param>
internal sealed record PayloadError(string Path, string Reason, bool IsLoss = false);

/// <summary>Why a part cannot be checked.</summary>
/// <param name="Path">From the payload's type down to the part.</param>
/// <param name="Reason">The thing that is not known, and the way out.</param>
internal sealed record PayloadWarning(string Path, string Reason);
