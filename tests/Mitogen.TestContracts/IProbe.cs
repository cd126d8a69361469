namespace Mitogen.TestContracts;

/// <summary>Says where it runs.</summary>
[Remote]
public interface IProbe
{
    Task<string> EchoAsync(string text);

    Task<Whereabouts> WhereAsync();

    /// <summary>Starts a context from inside the one that is asked, and returns what that one answers.</summary>
    Task<Whereabouts> FromAChildOfYoursAsync(bool isolated);

    /// <summary>How many methods were jitted to run some of <c>Mitogen.TestLibrary</c>, which is published ReadyToRun.</summary>
    Task<int> CountJittedOfLibraryAsync();

    /// <summary>How many methods were jitted to run some of the service's own assembly, which has no ReadyToRun code.</summary>
    Task<int> CountJittedOfServiceAsync();

    /// <summary>Where the loaded assemblies came from.</summary>
    Task<LoadedAssembly[]> AssembliesAsync();

    /// <summary>Every open descriptor's target.</summary>
    Task<string[]> OpenFilesAsync();
}

/// <param name="Names">The names of the contexts from the root to this one.</param>
/// <param name="Id">The context's id.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Title">What <c>ps</c> shows of it.</param>
/// <param name="BaseDirectory">The application's folder, as the process sees it.</param>
public sealed record Whereabouts(string[] Names, uint Id, int ProcessId, string Title, string BaseDirectory);

public sealed record LoadedAssembly(string Name, string Location);
