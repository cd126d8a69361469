using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>How a contract's method behaves. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum MethodShape
{
    /// <summary>Returns a task or value task; the callee starts it on a pool thread.</summary>
    Asynchronous,

    /// <summary>Blocks its caller; the callee runs it on a thread of its own.</summary>
    Blocking,

    /// <summary>Sends no answer, and blocks over there.</summary>
    OneWayBlocking,

    /// <summary>Sends no answer, and is asynchronous over there.</summary>
    OneWayAsynchronous,

    /// <summary>Answers with a stream of items or bytes; the callee starts it on a pool thread.</summary>
    Streaming,

    /// <summary>Gives its caller a promise of an object at once, and blocks over there.</summary>
    Promising,
}

/// <summary>Where a method passes contracts, streams of items or streams of bytes. For generated code and the runtime only.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum MethodReferences
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In its arguments, or in a part of one.</summary>
    Arguments = 1,

    /// <summary>In its result, or in a part of it.</summary>
    Result = 2,
}

/// <summary>One method of a contract. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoteMethod
{
    private string? _fullName;

    /// <summary>Creates the description.</summary>
    /// <param name="contractId">The contract's id: the first 8 bytes of the SHA-256 of its full metadata name, big-endian.</param>
    /// <param name="id">The method's id: the first 4 bytes of the SHA-256 of its signature, big-endian.</param>
    /// <param name="index">The method's place in <see cref="RemoteContract.Methods"/>.</param>
    /// <param name="name">The name for people, as <c>IFileOps.ReadAsync</c>.</param>
    /// <param name="shape">How it behaves.</param>
    /// <param name="references">Where it passes what is not data.</param>
    public RemoteMethod(
        ulong contractId, uint id, int index, string name, MethodShape shape, MethodReferences references = MethodReferences.None)
    {
        ContractId = contractId;
        Id = id;
        Index = index;
        Name = name;
        Shape = shape;
        References = references;
    }

    /// <summary>The id of the contract that the method is called through.</summary>
    public ulong ContractId { get; }

    /// <summary>The method's id, stable as long as its signature is.</summary>
    public uint Id { get; }

    /// <summary>The method's place in its contract's table.</summary>
    public int Index { get; }

    /// <summary>The name for people.</summary>
    public string Name { get; }

    /// <summary>How it behaves.</summary>
    public MethodShape Shape { get; }

    /// <summary>Where it passes what is not data.</summary>
    public MethodReferences References { get; }

    /// <summary>How many bytes its arguments may have, whatever a program's bound for messages is.</summary>
    internal int MaxArgumentBytes { get; set; } = int.MaxValue;

    /// <summary>Whether it is one of the runtime's own, which nobody measures.</summary>
    internal bool IsOwn { get; set; }

    internal bool IsOneWay => Shape is MethodShape.OneWayBlocking or MethodShape.OneWayAsynchronous;

    internal bool IsBlocking => Shape is MethodShape.Blocking or MethodShape.OneWayBlocking or MethodShape.Promising;

    internal bool TakesReferences => (References & MethodReferences.Arguments) != 0;

    internal bool GivesReferences => (References & MethodReferences.Result) != 0;

    /// <summary>The name that telemetry has for it, as <c>Sample.IFileOps/ReadAsync</c>.</summary>
    /// <param name="contract">The full name of the contract that it is called through, always the same one.</param>
    internal string FullName(string contract) => _fullName ??= $"{contract}/{Name[(Name.LastIndexOf('.') + 1)..]}";
}
