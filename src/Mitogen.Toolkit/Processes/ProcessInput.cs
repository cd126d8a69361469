using System.Security.Cryptography;
using System.Text;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>
/// Standard input of a process, or the keys of its terminal: first the input that the command has itself, and then what is written to it. The first part is
/// written beside everything else, because a program may print before it reads on.
/// </summary>
internal sealed class ProcessInput(ProcessDescriptor? target, bool isTerminal) : UnseekableStream
{
    private Task _first = Task.CompletedTask;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    /// <summary>Begins to write what the command has; called once, before anything else is written.</summary>
    public void Begin(ProcessCommand command)
    {
        if (target is not null && (command.SecretInput is not null || !command.Input.IsEmpty))
        {
            _first = WriteFirstAsync(command.SecretInput, command.Input);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _first.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (target is null)
        {
            throw new IOException("The process outlives the link, and has no input.");
        }

        await target.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The end of the input, behind all that was written. A terminal has no end: its output may still be read.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _first.ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The end, whatever was still to be written.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isTerminal)
        {
            target?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task WriteFirstAsync(Secret? secret, ReadOnlyMemory<byte> input)
    {
        try
        {
            if (secret is not null)
            {
                byte[] line = Encoding.UTF8.GetBytes(secret.Reveal() + "\n");
                try
                {
                    await target!.WriteAsync(line, CancellationToken.None).ConfigureAwait(false);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(line);
                }
            }

            await target!.WriteAsync(input, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program has closed its input, or has ended: who does not read all of it is no failure.
        }
    }
}
