using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>The generated code of one contract: its methods, its proxy and its dispatcher. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RemoteContract
{
    private readonly RemoteMethod[] _methods;

    private protected RemoteContract(ulong id, string name, RemoteMethod[] methods)
    {
        Id = id;
        Name = name;
        _methods = methods;
    }

    /// <summary>The contract's id: the first 8 bytes of the SHA-256 of its full metadata name, big-endian.</summary>
    public ulong Id { get; }

    /// <summary>The contract's full name, for people.</summary>
    public string Name { get; }

    /// <summary>The methods, own and inherited.</summary>
    public IReadOnlyList<RemoteMethod> Methods => _methods;

    /// <summary>The interface.</summary>
    public abstract Type InterfaceType { get; }

    /// <summary>Reads the arguments of <paramref name="call"/>, calls the method, and returns its result to the call.</summary>
    /// <param name="target">The object that implements the contract.</param>
    /// <param name="methodIndex">The method's <see cref="RemoteMethod.Index"/>.</param>
    /// <param name="call">The call.</param>
    public abstract void Dispatch(object target, int methodIndex, IncomingCall call);

    /// <summary>The tag of an object, which stands beside its identity when a reference to it is written.</summary>
    /// <param name="value">The object.</param>
    /// <returns>A number that means something to the contract's own proxies.</returns>
    internal virtual uint TagOf(object value) => 0;

    internal RemoteMethod? FindMethod(uint id)
    {
        foreach (RemoteMethod method in _methods)
        {
            if (method.Id == id)
            {
                return method;
            }
        }

        return null;
    }
}

/// <summary>A <see cref="RemoteContract"/> with its interface's type. For generated code and the runtime only.</summary>
/// <typeparam name="T">The interface.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RemoteContract<T> : RemoteContract
    where T : class
{
    /// <summary>Creates the description.</summary>
    /// <param name="id">The contract's id.</param>
    /// <param name="name">The contract's full name.</param>
    /// <param name="methods">The methods, in the order of their indexes.</param>
    protected RemoteContract(ulong id, string name, RemoteMethod[] methods)
        : base(id, name, methods)
    {
    }

    /// <inheritdoc/>
    public sealed override Type InterfaceType => typeof(T);

    /// <summary>Creates a proxy.</summary>
    /// <param name="target">Where its calls go.</param>
    /// <returns>The proxy.</returns>
    public abstract T CreateProxy(CallTarget target);
}
