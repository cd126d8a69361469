using System.Runtime.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>Compares generated files with accepted ones: <c>Test#hint.verified.cs</c>, and <c>.received.cs</c> where they differ.</summary>
internal static class Snapshot
{
    /// <param name="sample">What was generated.</param>
    /// <param name="hint">The one file to compare; all of them, if it is not given.</param>
    /// <param name="test">The test.</param>
    public static void Verify(GeneratedSample sample, string? hint = null, [CallerMemberName] string test = "")
    {
        string folder = Path.Combine(TestCompiler.ProjectFolder(), "Snapshots");
        var expected = Directory.GetFiles(folder, $"{test}#*.verified.cs").ToHashSet();
        var different = new List<string>();
        foreach (var source in sample.Result.GeneratedSources.Where(source => hint is null || source.HintName == hint))
        {
            string stem = Path.Combine(folder, $"{test}#{source.HintName[..^".cs".Length]}");
            string verified = stem + ".verified.cs";
            string received = stem + ".received.cs";
            string text = source.SourceText.ToString();
            File.Delete(received);
            if (!expected.Remove(verified) || File.ReadAllText(verified) != text)
            {
                File.WriteAllText(received, text);
                different.Add(received);
            }
        }

        AssertNone(different, "Look at these files, and rename them to .verified.cs where they are right:");
        AssertNone(expected, "These files are not generated any more:");
    }

    private static void AssertNone(IReadOnlyCollection<string> paths, string message)
    {
        Assert.True(paths.Count == 0, $"{message}\n{string.Join('\n', paths)}");
    }
}
