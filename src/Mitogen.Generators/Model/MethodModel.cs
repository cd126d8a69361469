namespace Mitogen.Generators.Model;

/// <summary>One method of a contract, or the getter of one of its properties.</summary>
/// <param name="Interface">The declaring interface, as source names it.</param>
/// <param name="Name">The method's or property's name, escaped where it is a keyword.</param>
/// <param name="Id">See <see cref="Parsing.Identity"/>.</param>
/// <param name="Signature">The signature that the id comes from.</param>
/// <param name="DisplayName">The name for people, as <c>IFileOps.ReadAsync</c>.</param>
/// <param name="Return">The kind of its return value.</param>
/// <param name="ReturnTypeName">That type, as source names it.</param>
/// <param name="Result">The result of the call, or an item of it; <see langword="null"/> where there is nothing that is written.</param>
/// <param name="IsOneWay">Whether the call waits for no answer.</param>
/// <param name="Parameters">All parameters, a token included.</param>
internal sealed record MethodModel(
    string Interface,
    string Name,
    uint Id,
    string Signature,
    string DisplayName,
    ReturnKind Return,
    string ReturnTypeName,
    WireType? Result,
    bool IsOneWay,
    EquatableArray<ParameterModel> Parameters)
{
    /// <summary>Whether it is the getter of a property.</summary>
    public bool IsProperty { get; init; }

    /// <summary>Everything that the call writes.</summary>
    public IEnumerable<WireType> Data => Parameters.Select(static p => p.Data).Append(Result).OfType<WireType>();

    /// <summary>The contract of the object that <see cref="ReturnKind.Promise"/> gives.</summary>
    public ContractReference? Promised { get; init; }
}

/// <summary>The form in which a method returns its result, apart from the result's type.</summary>
internal enum ReturnKind
{
    /// <summary>Nothing, or the result itself: the call blocks.</summary>
    Direct,

    Task,

    ValueTask,

    /// <summary>A stream of items: the call lasts as long as one enumeration.</summary>
    Items,

    /// <summary>A proxy of an object that the call is yet to give.</summary>
    Promise,
}

/// <summary>One parameter.</summary>
/// <param name="Name">Its name, escaped where it is a keyword.</param>
/// <param name="TypeName">Its type, as source names it.</param>
/// <param name="Kind">Its role in the call.</param>
/// <param name="Data">How it is written, or a report of it; <see langword="null"/> for a cancellation token.</param>
internal sealed record ParameterModel(string Name, string TypeName, ParameterKind Kind, WireType? Data);

/// <summary>The role of a parameter in a call.</summary>
internal enum ParameterKind
{
    /// <summary>It is written.</summary>
    Value,

    /// <summary>The <c>CancellationToken</c>, which crosses by itself.</summary>
    Token,

    /// <summary>An <c>IProgress&lt;T&gt;</c>, which is reported to while the call runs.</summary>
    Progress,
}
