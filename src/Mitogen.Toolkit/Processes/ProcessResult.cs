using System.Text;

namespace Mitogen.Toolkit;

/// <summary>The result of a program that ran to its end.</summary>
/// <param name="Command">The command in words, without input and secrets.</param>
/// <param name="Context">The path of the context that it ran in.</param>
/// <param name="Exit">How it ended.</param>
/// <param name="OutputBytes">The first bytes of its standard output, up to <see cref="ProcessCommand.MaxOutput"/>.</param>
/// <param name="ErrorBytes">The first bytes of its standard error, up to <see cref="ProcessCommand.MaxOutput"/>.</param>
/// <param name="OutputRest">The bytes of standard output over the bound. They went to <see cref="ProcessStreams.Output"/>, or are gone.</param>
/// <param name="ErrorRest">The bytes of standard error over the bound. They went to <see cref="ProcessStreams.Error"/>, or are gone.</param>
/// <param name="LastLines">The last lines that it printed, of standard error if there are any there, else of standard output; for errors.</param>
public sealed record ProcessResult(
    string Command, string Context, ProcessExit Exit, byte[] OutputBytes, byte[] ErrorBytes, long OutputRest, long ErrorRest, IReadOnlyList<string> LastLines)
{
    /// <summary>Standard output, read as UTF-8: each byte that is none is U+FFFD.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Standard error, read as UTF-8: each byte that is none is U+FFFD.</summary>
    public string Error => Encoding.UTF8.GetString(ErrorBytes);

    /// <summary>Throws if the program did not succeed.</summary>
    /// <returns>The result itself.</returns>
    /// <exception cref="ProcessFailedException">Its status is not 0, a signal ended it, or its time was over.</exception>
    public ProcessResult EnsureSuccess() => Exit.IsSuccess ? this : throw new ProcessFailedException(Command, Context, Exit, LastLines);

    /// <summary>The command and its end.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"'{Command}' on {Context}: {Exit}";
}
