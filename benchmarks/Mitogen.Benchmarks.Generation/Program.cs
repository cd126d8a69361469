using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Benchmarks.Generation;
using Mitogen.Generators;

// What the generator costs a build and an editor: the first run, a run after an edit elsewhere, and one after an edit of one contract.
const int Rounds = 5;
Console.WriteLine("contracts | first run ms | edit elsewhere ms | edit of one contract ms | files | generated kB");
Console.WriteLine("---: | ---: | ---: | ---: | ---: | ---:");
foreach (int count in (int[])[1, 100, 1_000])
{
    var figures = Enumerable.Range(0, Rounds + 1).Select(_ => Measure(count)).Skip(1).ToList();
    Console.WriteLine(
        $"{count:N0} | {Median(figures.Select(f => f.First)):0.0} | {Median(figures.Select(f => f.Elsewhere)):0.0} | " +
        $"{Median(figures.Select(f => f.One)):0.0} | {figures[0].Files:N0} | {figures[0].Size / 1000:N0}");
}

static Measured Measure(int count)
{
    CSharpCompilation compilation = ManyContracts.Compile(count);

    // The compiler has bound the declarations by the time a generator runs in a build.
    _ = compilation.GetDiagnostics();
    GeneratorDriver driver = CSharpGeneratorDriver.Create(new MitogenGenerator());
    (double first, driver) = Time(driver, compilation);
    (double elsewhere, driver) = Time(driver, compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("public class Elsewhere;")));
    (double one, driver) = Time(driver, ManyContracts.EditOne(compilation));
    var sources = driver.GetRunResult().Results.Single().GeneratedSources;
    return new(first, elsewhere, one, sources.Length, sources.Sum(static s => (long)s.SourceText.Length));
}

static (double Milliseconds, GeneratorDriver Driver) Time(GeneratorDriver driver, Compilation compilation)
{
    long start = Stopwatch.GetTimestamp();
    driver = driver.RunGenerators(compilation);
    return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, driver);
}

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return sorted[sorted.Length / 2];
}

internal sealed record Measured(double First, double Elsewhere, double One, int Files, long Size);
