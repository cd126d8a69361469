namespace Mitogen.TestContracts;

/// <summary>Says what its process is surrounded by.</summary>
[Remote]
public interface ISurroundings
{
    Task<Surroundings> LookAsync();

    /// <summary>What a shell prints that the process starts.</summary>
    Task<string> RunAsync(string script);
}

/// <param name="Format">The culture for numbers and dates.</param>
/// <param name="Texts">The culture for texts.</param>
/// <param name="Number">1.5 as it is written.</param>
/// <param name="ConsoleEncoding">What the console writes in.</param>
/// <param name="IsServerCollector">Whether the garbage collector is the one for servers.</param>
/// <param name="Setting">The program's own setting <c>Mitogen.Tests.Setting</c>.</param>
public sealed record Surroundings(string Format, string Texts, string Number, string ConsoleEncoding, bool IsServerCollector, string? Setting);
