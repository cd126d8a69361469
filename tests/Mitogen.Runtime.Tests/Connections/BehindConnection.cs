using System.ComponentModel;
using System.Diagnostics;
using Mitogen.Connections;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Starts a context behind a program that runs the command which it is given, such as <c>env</c>.</summary>
public sealed record BehindConnection(string Program) : CarriedConnection
{
    protected override Task<Carrier> OpenAsync(string command, Stream errors, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Program, ["sh", "-c", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Task.FromResult<Carrier>(new ProcessCarrier(Process.Start(start)!, errors));
        }
        catch (Win32Exception e)
        {
            string message = $"{Program} cannot be started: {e.Message}";
            throw new StartRefusedException(new(BootstrapReason.ToolNotFound, message), e);
        }
    }

    protected override LaunchProblem? Explain(LaunchEnd end) =>
        end.Last.Any(line => line.Contains("Permission denied", StringComparison.Ordinal))
            ? new(BootstrapReason.NotAllowed, $"This user may not run {Program}.")
            : null;
}

internal sealed class ProcessCarrier : Carrier
{
    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Task _copying;

    public ProcessCarrier(Process process, Stream errors)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _copying = CopyAsync(process.StandardError.BaseStream, errors);
        ExitStatus = WaitAsync(process);
    }

    public override Task<int> ExitStatus { get; }

    public override int Read(Span<byte> buffer) => _output.Read(buffer);

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        _input.Write(bytes);
        _input.Flush();
    }

    public override void CloseWriting() => _input.Dispose();

    public override void Abort() => _process.Kill();

    public override async ValueTask DisposeAsync()
    {
        _process.Kill();
        await ExitStatus;
        await _copying;
        _input.Dispose();
        _output.Dispose();
        _process.Dispose();
    }

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task CopyAsync(Stream from, Stream errors)
    {
        await using (from)
        await using (errors)
        {
            await from.CopyToAsync(errors);
        }
    }
}
