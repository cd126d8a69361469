using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Mitogen.Hosts.Tests.Endings;

/// <summary>A root as a program of its own, with what it started and what it said.</summary>
internal sealed class EndingProgram : IAsyncDisposable
{
    // What the program and its tools have in their environment, and what its last context's subprocesses have.
    private const string Own = "MITOGEN_ENDING_OF=";
    private const string Started = "MITOGEN_ENDING=";

    // The program's own settings are those of native code; run by dotnet it has those of these tests.
    private static readonly string s_files = MakeFiles();

    private readonly Process _process;
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly List<string> _lines = []; // under its own lock

    private EndingProgram(string chain, IReadOnlyDictionary<string, string> environment, bool hasSubprocesses)
    {
        ProcessStartInfo start = new(
            Mitogen.Runtime.Tests.Processes.Children.DotNetPath,
            ["exec", "--depsfile", s_files + ".deps.json", "--runtimeconfig", s_files + ".runtimeconfig.json", PathOf("Mitogen.NativeProgram.dll"), "endings", chain, hasSubprocesses ? _mark : "none"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[Own[..^1]] = _mark;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                lock (_lines)
                {
                    _lines.Add(text);
                }
            }
        };
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The contexts' processes as this machine numbers them, in the order of the chain.</summary>
    public IReadOnlyList<int> Contexts { get; private set; } = [];

    /// <param name="chain">Its contexts, as a connection string.</param>
    /// <param name="environment">Variables that it has.</param>
    /// <param name="hasSubprocesses">Whether the last context starts some.</param>
    public static async Task<EndingProgram> StartAsync(string chain, IReadOnlyDictionary<string, string> environment, bool hasSubprocesses = true)
    {
        EndingProgram program = new(chain, environment, hasSubprocesses);
        try
        {
            _ = await program.ReadAsync("ready");
            lock (program._lines)
            {
                program.Contexts = [.. program._lines.Where(line => line.StartsWith("context ", StringComparison.Ordinal))
                    .Select(line => program.NumberHere(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)))];
            }
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }

        return program;
    }

    public async Task SayAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line that begins so.</summary>
    public async Task<string> ReadAsync(string beginning)
    {
        string? found = null;
        await Eventually.UntilAsync(
            () =>
            {
                bool hasExited = _process.HasExited;
                lock (_lines)
                {
                    found = _lines.Find(line => line.StartsWith(beginning, StringComparison.Ordinal));
                }

                Assert.False(hasExited && found is null, WhatItSaid());
                return found is not null;
            },
            WhatItSaid);
        return found!;

        string WhatItSaid()
        {
            lock (_lines)
            {
                return $"'{beginning}' was not said. It said:\n{string.Join('\n', _lines)}\n{string.Join('\n', _errors)}";
            }
        }
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().InTimeAsync();
        return _process.ExitCode;
    }

    /// <summary>The subprocesses of one kind that the last context has, wherever it runs.</summary>
    public IReadOnlyList<int> Subprocesses(string kind) => WithVariable($"{Started}{_mark}-{kind}");

    /// <summary>What is there of the program's: itself, its tools, its contexts and their subprocesses, but for those that were set free.</summary>
    public IReadOnlyList<int> Left()
    {
        int[] free = [.. Subprocesses("daemon")];
        return
        [
            .. WithVariable(Own + _mark).Concat(Contexts.Where(IsContext)).Concat(Subprocesses("plain")).Concat(Subprocesses("stubborn"))
                .Distinct().Where(id => !free.Contains(id) && Mitogen.Runtime.Tests.Connections.ProcessTable.IsAlive(id)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.StandardInput.Close(); // which a process that is disposed leaves open
        foreach (int id in Subprocesses("daemon").Concat(Left()))
        {
            _ = await HostCommand.RunAsync("kill", "-9", $"{id}");
        }

        _process.Dispose();
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static string MakeFiles()
    {
        string files = PathOf("Mitogen.Endings");
        File.Copy(PathOf("Mitogen.NativeProgram.deps.json"), files + ".deps.json", overwrite: true);
        File.Copy(PathOf("Mitogen.Hosts.Tests.runtimeconfig.json"), files + ".runtimeconfig.json", overwrite: true);
        return files;
    }

    // A number may be another process's by now.
    private static bool IsContext(int id) => Read($"/proc/{id}/cmdline").Contains("mitogen", StringComparison.OrdinalIgnoreCase);

    /// <summary>A process is known here by another number than in a container.</summary>
    private int NumberHere(int id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        foreach (int candidate in Processes())
        {
            string[] numbers = Read($"/proc/{candidate}/status").Split('\n').FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal))?.Split('\t') ?? [];
            if (numbers.Length > 2 && numbers[^1] == number && IsContext(candidate))
            {
                return candidate;
            }
        }

        return id;
    }

    private static IReadOnlyList<int> WithVariable(string variable) =>
        [.. Processes().Where(id => Read($"/proc/{id}/environ").Split('\0').Contains(variable))];

    private static IEnumerable<int> Processes() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended
        }
    }
}
