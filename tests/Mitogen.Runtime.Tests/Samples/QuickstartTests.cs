using System.Text.RegularExpressions;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.Runtime.Tests.Samples;

/// <summary>The quickstart as its users run it: a process, its output and its exit status.</summary>
public sealed partial class QuickstartTests : LeakCheckedTest
{
    private const int Nobody = 65534;

    private static readonly string s_sample = Repository.OutputOf("samples/Quickstart");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quickstart-");

    private string Tree => Path.Combine(_folder.FullName, "tree");

    public override async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Walks_from_the_last_of_two_contexts()
    {
        GrowTree();

        Result result = await QuickstartAsync(Tree);

        Assert.Empty(result.Error);
        Assert.Equal(0, result.Status);
        Assert.Equal(["hop1", "hop2"], ContextsOf(result));
        Assert.Equal(
            [
                $"{"70,000",15}  {Tree}/deep/er/large",
                $"{"3,000",15}  {Tree}/deep/middle",
                $"{"5",15}  {Tree}/small",
                $"{"0",15}  {Tree}/empty",
                $"4 files, 73,005 bytes below {Tree}",
            ],
            result.Output.Skip(2));
    }

    [Fact]
    public async Task Starts_as_many_contexts_as_it_is_told()
    {
        GrowTree();

        Result result = await QuickstartAsync(Tree, "--depth", "5");

        Assert.Empty(result.Error);
        Assert.Equal(0, result.Status);
        Assert.Equal(["hop1", "hop2", "hop3", "hop4", "hop5"], ContextsOf(result));
        Assert.Equal($"4 files, 73,005 bytes below {Tree}", result.Output[^1]);
    }

    [Fact]
    public async Task Prints_the_ten_largest_of_many()
    {
        Directory.CreateDirectory(Tree);
        for (int size = 1; size <= 12; size++)
        {
            File.WriteAllBytes(Path.Combine(Tree, $"file{size}"), new byte[size]);
        }

        Result result = await QuickstartAsync(Tree, "--depth", "1");

        Assert.Equal(
            [.. Enumerable.Range(3, 10).Reverse().Select(size => $"{size,15}  {Tree}/file{size}"), $"12 files, 78 bytes below {Tree}"],
            result.Output.Skip(1));
    }

    [Fact]
    public async Task Does_not_follow_links()
    {
        GrowTree();
        File.CreateSymbolicLink(Path.Combine(Tree, "link"), Path.Combine(Tree, "small"));
        Directory.CreateSymbolicLink(Path.Combine(Tree, "deep", "up"), Tree);

        Result result = await QuickstartAsync(Tree, "--depth", "1");

        Assert.Equal($"4 files, 73,005 bytes below {Tree}", result.Output[^1]);
    }

    [Fact]
    public async Task A_path_that_does_not_exist_is_one_line_and_status_1()
    {
        string missing = Path.Combine(_folder.FullName, "missing");

        Result result = await QuickstartAsync(missing, "--depth", "1");

        Assert.Equal([$"There is no folder {missing}."], result.Error);
        Assert.Equal(1, result.Status);
        Assert.Single(result.Output);
    }

    [Theory]
    [InlineData("--depth")]
    [InlineData("--depth", "0")]
    [InlineData("--depth", "many")]
    public async Task A_depth_that_is_none_is_a_line_about_the_usage_and_status_2(params string[] arguments)
    {
        Result result = await QuickstartAsync(arguments);

        Assert.StartsWith("usage: ", Assert.Single(result.Error), StringComparison.Ordinal);
        Assert.Equal(2, result.Status);
        Assert.Empty(result.Output);
    }

    /// <summary>For root every folder is readable, so that root runs it as somebody else.</summary>
    [Fact]
    public async Task An_unreadable_folder_is_one_line_and_the_walk_goes_on()
    {
        GrowTree();
        string locked = Path.Combine(Tree, "deep", "locked");
        File.SetUnixFileMode(Directory.CreateDirectory(locked).FullName, UnixFileMode.None);

        Result result = await QuickstartAsNobodyAsync(Tree, "--depth", "5");

        Assert.Equal([$"cannot read {locked}: Access to the path '{locked}' is denied."], result.Error);
        Assert.Equal(0, result.Status);
        Assert.Equal(5, ContextsOf(result).Length);
        Assert.Equal($"4 files, 73,005 bytes below {Tree}", result.Output[^1]);
    }

    private static string[] ContextsOf(Result result) =>
        [.. result.Output.Select(line => ContextLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    private static Task<Result> QuickstartAsync(params string[] arguments) =>
        RunAsync(Children.DotNetPath, [Path.Combine(s_sample, "Quickstart.dll"), .. arguments]);

    private Task<Result> QuickstartAsNobodyAsync(params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return QuickstartAsync(arguments);
        }

        File.SetUnixFileMode(_folder.FullName, Repository.ReadableByAll);
        string copy = Path.Combine(_folder.FullName, "bin");
        Repository.CopyReadable(s_sample, copy);
        return RunAsync(
            "setpriv",
            [
                $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--",
                Children.DotNetPath, Path.Combine(copy, "Quickstart.dll"), .. arguments,
            ]);
    }

    private static async Task<Result> RunAsync(string file, params string[] arguments)
    {
        List<string> error = [];
        ChildProcess process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = file,
            Arguments = [Path.GetFileName(file), .. arguments],
            Environment = new Dictionary<string, string?> { ["HOME"] = "/nonexistent" },
            WorkingDirectory = "/",
            Streams = ChildStreams.Pipes,
            StderrLine = error.Add,
        });
        try
        {
            string output = await Task.Run(() => Children.ReadToEnd(process.Transport), Cancellation).InTimeAsync();
            ChildExit exit = await process.Exited.InTimeAsync();
            await process.StderrDrained.InTimeAsync();
            return new Result(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), error, exit.Code);
        }
        finally
        {
            await process.EndAsync(TimeSpan.Zero);
        }
    }

    private void GrowTree()
    {
        Directory.CreateDirectory(Path.Combine(Tree, "deep", "er"));
        File.WriteAllBytes(Path.Combine(Tree, "deep", "er", "large"), new byte[70_000]);
        File.WriteAllBytes(Path.Combine(Tree, "deep", "middle"), new byte[3_000]);
        File.WriteAllBytes(Path.Combine(Tree, "small"), new byte[5]);
        File.WriteAllBytes(Path.Combine(Tree, "empty"), []);
    }

    [GeneratedRegex("^context (\\w+) pid [0-9]+$")]
    private static partial Regex ContextLine();

    private sealed record Result(string[] Output, IReadOnlyList<string> Error, int? Status);
}
