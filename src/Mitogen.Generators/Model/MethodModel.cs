namespace Mitogen.Generators.Model;

/// <summary>One method of a contract.</summary>
/// <param name="Interface">The declaring interface, as source names it.</param>
/// <param name="Name">The method's name, escaped where it is a keyword.</param>
/// <param name="Id">See <see cref="Parsing.Identity"/>.</param>
/// <param name="Signature">The signature that the id comes from.</param>
/// <param name="DisplayName">The name for people, as <c>IFileOps.ReadAsync</c>.</param>
/// <param name="Return">What it returns.</param>
/// <param name="ReturnTypeName">That type, as source names it.</param>
/// <param name="Result">What the call results in; <see langword="null"/> where there is nothing.</param>
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
    PayloadType? Result,
    bool IsOneWay,
    EquatableArray<ParameterModel> Parameters);

/// <summary>What a method returns, apart from the result's type.</summary>
internal enum ReturnKind
{
    /// <summary>Nothing, or the result itself: the call blocks.</summary>
    Direct,

    Task,

    ValueTask,
}

/// <summary>One parameter.</summary>
/// <param name="Name">Its name, escaped where it is a keyword.</param>
/// <param name="TypeName">Its type, as source names it.</param>
/// <param name="Payload">How it is written; <see langword="null"/> for a cancellation token.</param>
internal sealed record ParameterModel(string Name, string TypeName, PayloadType? Payload);
