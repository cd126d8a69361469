namespace Mitogen.Handshake;

/// <summary>The command line by which the program itself is started as a context: a word, the hello's nonce, and room for a title.</summary>
/// <remarks>Read from the process and not from what a program passes on: a program may have changed its arguments by then.</remarks>
internal static class ContextArguments
{
    internal const string Word = "--mitogen-context";

    /// <summary>Room for the process's title, which is written over its arguments.</summary>
    internal static readonly string Padding = new('-', 128);

    /// <summary>The arguments, without the program's own name.</summary>
    internal static string[] For(byte[] nonce) => [Word, Convert.ToHexString(nonce), Padding];

    /// <param name="commandLine">The program's own name and its arguments.</param>
    /// <returns>The nonce; <see langword="null"/> if the process was started as anything but a context.</returns>
    internal static byte[]? NonceOf(IReadOnlyList<string> commandLine)
    {
        if (commandLine.Count < 3 || commandLine[1] != Word || commandLine[2].Length != 2 * HandshakeCodec.NonceSize)
        {
            return null;
        }

        byte[] nonce = new byte[HandshakeCodec.NonceSize];
        return Convert.FromHexString(commandLine[2], nonce, out _, out _) == System.Buffers.OperationStatus.Done ? nonce : null;
    }
}
