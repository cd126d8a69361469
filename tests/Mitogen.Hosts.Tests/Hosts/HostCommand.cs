using System.Diagnostics;
using System.Text;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>How a command ended, and what it wrote.</summary>
internal sealed record ToolResult(int Code, string Output, string Error)
{
    public override string ToString() => $"code {Code}, wrote '{Output}', and on standard error '{Error}'";
}

/// <summary>Runs commands of this machine, and finds them.</summary>
internal static class HostCommand
{
    /// <summary>The path of a program; null when it is not installed.</summary>
    public static string? Find(string name) =>
        ((string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a command to its end.</summary>
    public static Task<ToolResult> RunAsync(params string[] command) => RunWithInputAsync("", command);

    /// <summary>Runs a command to its end that may take longer than others.</summary>
    public static Task<ToolResult> RunAsync(TimeSpan patience, params string[] command) => RunAsync("", patience, command);

    /// <summary>Runs a command to its end, with something on its standard input.</summary>
    public static Task<ToolResult> RunWithInputAsync(string input, params string[] command) => RunAsync(input, Eventually.Patience, command);

    private static async Task<ToolResult> RunAsync(string input, TimeSpan patience, string[] command)
    {
        using Process process = Start(command);
        using StreamReader outputReader = process.StandardOutput; // which a process that is disposed leaves open
        using StreamReader errorReader = process.StandardError;
        Task<string> output = outputReader.ReadToEndAsync();
        Task<string> error = errorReader.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all.
        }

        try
        {
            await process.WaitForExitAsync().WaitAsync(patience, TestContext.Current.CancellationToken);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command that has to succeed, and returns what it wrote without the last end of a line.</summary>
    public static async Task<string> OutputAsync(params string[] command)
    {
        ToolResult result = await RunAsync(command);
        Assert.True(result.Code == 0, $"{string.Join(' ', command)}: {result}");
        return result.Output.TrimEnd('\n');
    }

    public static Process Start(params string[] command) => Process.Start(new ProcessStartInfo(Find(command[0]) ?? command[0], command[1..])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    })!;
}
