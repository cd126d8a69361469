using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Mitogen.Executables;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A start as a parent makes it, of an executable of this machine: a shell with the first stage, then the second and the executable.</summary>
internal sealed record StageRun
{
    private readonly string _marker = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The shell's command line, and what comes before it.</summary>
    public required string[] Command { get; init; }

    /// <summary>What the target has to make memory files by; nothing, if it is none of these.</summary>
    public required string Tool { get; init; }

    public string[] Executable { get; init; } = ["/bin/echo", "it", "runs"];

    public bool IsCompressed { get; init; } = true;

    /// <summary>Whether the target is expected to report gzip.</summary>
    public bool HasGzip { get; init; } = true;

    public bool IsCached { get; init; }

    /// <summary>After how many bytes the input ends.</summary>
    public int? Cut { get; init; }

    /// <summary>Whether it does not end there, but nothing comes any more.</summary>
    public bool IsDead { get; init; }

    /// <summary>How long the stage waits for more.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The random part of the name of the directory that an executable may lie in.</summary>
    public string Directory { get; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Runs it to its end.</summary>
    /// <returns>What was written behind the report, with "marker" in the place of the random one, and how it ended.</returns>
    public async Task<(string Output, string Error, int Exit)> RunAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Command[0], [.. Command[1..], "-c", StageScripts.First(_marker)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using StreamReader outputReader = process.StandardOutput; // which a process that is disposed leaves open
        using StreamReader errorReader = process.StandardError;
        Task<string> error = errorReader.ReadToEndAsync(cancellationToken);
        string report = await outputReader.ReadLineAsync(cancellationToken) ?? await error;
        Assert.StartsWith($"mitogen:{_marker} report Linux ", report, StringComparison.Ordinal);
        byte[] bytes = await WhatIsSentAsync(TargetReport.Parse(report.Split(' ', 3)[2]), cancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(bytes.AsMemory(0, Cut ?? bytes.Length), cancellationToken);
            await process.StandardInput.BaseStream.FlushAsync(cancellationToken);
            if (!IsDead)
            {
                process.StandardInput.Close();
            }
        }
        catch (IOException)
        {
            // The shell was cut off before it read all.
        }

        string output = await outputReader.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await process.StandardInput.DisposeAsync();
        return (output.Replace(_marker, "marker", StringComparison.Ordinal), await error, process.ExitCode);
    }

    /// <summary>Runs a first stage that ends by itself.</summary>
    /// <returns>What it wrote on standard error.</returns>
    public async Task<string> ErrorAsync(CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Command[0], [.. Command[1..], "-c", StageScripts.First(_marker)])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        using StreamReader errorReader = process.StandardError;
        string error = await errorReader.ReadToEndAsync(cancellationToken).InTimeAsync();
        await process.WaitForExitAsync(cancellationToken);
        process.StandardInput.Close();
        return error;
    }

    private async Task<byte[]> WhatIsSentAsync(TargetReport target, CancellationToken cancellationToken)
    {
        Assert.True(Tool is not ("perl" or "python3") || target.Has(Tool));
        Assert.Equal(HasGzip, target.Has("gzip"));
        target = target with { Paths = [.. target.Paths.Where(path => Path.GetFileName(path) is not ("perl" or "python3") || Path.GetFileName(path) == Tool || Tool == "both")] };
        byte[] file = await File.ReadAllBytesAsync(Executable[0], cancellationToken);
        Packed packed = IsCompressed ? Packed.Compress(file) : new Packed(file, file.Length, IsCompressed: false);
        string? hash = IsCached ? Convert.ToHexStringLower(SHA256.HashData(file)) : null;
        return [.. Encoding.UTF8.GetBytes(StageScripts.Native(target, packed, hash, _marker, Directory, Patience, Executable[1..])), .. packed.Bytes.Span];
    }
}
