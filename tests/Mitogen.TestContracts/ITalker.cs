namespace Mitogen.TestContracts;

/// <summary>Logs and prints.</summary>
[Remote]
public interface ITalker
{
    /// <summary>Logs a warning with event 7 (<c>Seven</c>), in the scopes <c>outer</c> and <c>inner</c>, with an exception.</summary>
    Task LogAsync(string message);

    /// <summary>Logs a text that was cut in the middle of a character.</summary>
    Task LogEmojiAsync();

    Task LogManyAsync(int count);

    Task PrintAsync(string text);

    Task PrintErrorAsync(string text);

    Task RunShellAsync(string script);
}
