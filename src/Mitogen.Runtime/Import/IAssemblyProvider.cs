namespace Mitogen.Import;

/// <summary>The assemblies that a context has for its children: the closure of the program, by key.</summary>
internal interface IAssemblyProvider
{
    /// <summary>Every key there is an answer for, satellites included. All others are refused.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>The keys to send ahead of the first call, in one go.</summary>
    IReadOnlyList<string> SentAhead { get; }

    /// <summary>The assembly with the key, or <see langword="null"/>.</summary>
    ValueTask<CompressedAssembly?> FindAsync(string name, CancellationToken cancellationToken = default);
}
