using System.ComponentModel;
using System.Reflection;
using Mitogen.CompilerServices;

namespace Mitogen;

/// <summary>The contracts and services that a program has.</summary>
/// <remarks>
/// The source generator fills <see cref="Default"/> when the executable's own assembly is first used. A host without an
/// executable of its own (a plug-in, a script engine) makes one with the generated <c>Register</c> methods and passes it in the
/// root's options. Safe for use by several threads at once.
/// </remarks>
public sealed class RemoteCatalog
{
    private readonly Lock _lock = new();

    // Replaced under _lock and never changed, so that they are read without it. (No immutable collections: a new context would wait for
    // their assembly and for code that is compiled for each kind of key.)
    private volatile Dictionary<ulong, RemoteContract> _contracts = [];
    private volatile Dictionary<Type, RemoteContract> _contractsByType = [];
    private volatile Dictionary<ulong, RemoteServiceRegistration> _services = [];
    private volatile Dictionary<string, Action<object>> _startups = [];
    private volatile Assembly[] _roots = [];
    private volatile ulong[] _builds = [];
    private volatile Assembly? _entryPoint;

    /// <summary>The catalog that the executables of this process filled.</summary>
    public static RemoteCatalog Default { get; } = new();

    /// <summary>The assemblies whose module initializers fill the catalog of a new managed context.</summary>
    public IReadOnlyList<Assembly> Roots => _roots;

    /// <summary>The executable whose entry point goes through <c>MitogenApp.RunAsync</c>, if there is one: started as a context, it is one.</summary>
    internal Assembly? EntryPoint => _entryPoint;

    /// <summary>
    /// Stands for all contracts and the types that they pass: two programs with one id understand each other. 0 where nothing is registered.
    /// </summary>
    internal ulong BuildId
    {
        get
        {
            // FNV-1a, by whole words: they are hashes already, and sorted, so that the order of registration does not show.
            ulong[] builds = _builds;
            return builds.Length == 0 ? 0 : builds.Aggregate(14695981039346656037, static (all, one) => (all ^ one) * 1099511628211);
        }
    }

    // The three are not to be changed by who reads them.
    internal Dictionary<ulong, RemoteContract> Contracts => _contracts;

    internal Dictionary<ulong, RemoteServiceRegistration> Services => _services;

    internal Dictionary<string, Action<object>> Startups => _startups;

    /// <summary>Names an assembly that a new managed context loads, and whose module initializer fills its catalog.</summary>
    /// <param name="assembly">The executable's assembly.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddRoot(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_lock)
        {
            _roots = _roots.Contains(assembly) ? _roots : [.. _roots, assembly];
        }
    }

    /// <summary>Says that an executable's entry point goes through <c>MitogenApp.RunAsync</c>, so that it can be sent and started as a context.</summary>
    /// <param name="assembly">The executable's assembly.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddEntryPoint(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_lock)
        {
            _entryPoint ??= assembly;
        }
    }

    /// <summary>Adds the id of an assembly's contracts and of the types that they pass; the same one again is ignored.</summary>
    /// <param name="id">The id that the generator made of them.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddBuild(ulong id)
    {
        lock (_lock)
        {
            _builds = _builds.Contains(id) ? _builds : [.. _builds.Append(id).Order()];
        }
    }

    /// <summary>Adds a contract; the same one again is ignored.</summary>
    /// <param name="contract">The generated contract.</param>
    /// <exception cref="InvalidOperationException">Another interface has the same name or id.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddContract(RemoteContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        lock (_lock)
        {
            if (_contracts.TryGetValue(contract.Id, out RemoteContract? other))
            {
                if (other.InterfaceType != contract.InterfaceType)
                {
                    throw new InvalidOperationException(
                        $"The contracts {Describe(other.InterfaceType)} and {Describe(contract.InterfaceType)} have one identity. Rename one of them.");
                }

                return;
            }

            _contracts = new(_contracts) { { contract.Id, contract } };
            _contractsByType = new(_contractsByType) { { contract.InterfaceType, contract } };
        }
    }

    /// <summary>Adds a service; the same one again is ignored.</summary>
    /// <param name="service">The generated registration.</param>
    /// <exception cref="InvalidOperationException">Another class implements one of its contracts.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddService(RemoteServiceRegistration service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            foreach (RemoteContract contract in service.Contracts)
            {
                if (!_services.TryGetValue(contract.Id, out RemoteServiceRegistration? other))
                {
                    _services = new(_services) { { contract.Id, service } };
                }
                else if (other.Implementation != service.Implementation)
                {
                    throw new InvalidOperationException(
                        $"{Describe(other.Implementation)} and {Describe(service.Implementation)} both implement {contract.Name}. " +
                        "A context has one service for a contract: take [RemoteService] off one of them, or give the root a catalog of its own in its options.");
                }
            }
        }
    }

    /// <summary>Adds a <see cref="RemoteStartupAttribute"/> class; the same one again is ignored.</summary>
    /// <param name="name">The class's full name.</param>
    /// <param name="configure">Calls its <c>Configure</c> with an <c>IServiceCollection</c>.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddStartup(string name, Action<object> configure)
    {
        lock (_lock)
        {
            _startups = new(_startups, StringComparer.Ordinal) { [name] = configure };
        }
    }

    /// <summary>Finds the generated code of a contract.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <returns>The code.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not in the catalog.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RemoteContract<T> Find<[ContractType] T>()
        where T : class
    {
        return _contractsByType.TryGetValue(typeof(T), out RemoteContract? contract)
            ? (RemoteContract<T>)contract
            : throw new InvalidOperationException(
                $"{typeof(T)} is not in the catalog. Mark it with [Remote], and see that its project and the executable reference Mitogen.Runtime " +
                "or Mitogen.Abstractions with the source generator; a host without an executable of its own sets MitogenOptions.Catalog.");
    }

    private static string Describe(Type type) => $"{type.FullName} ({type.Assembly.GetName().Name})";
}
