namespace Mitogen.Starting.Tools;

/// <summary>The meaning of a question's words, where its form does not tell.</summary>
internal static class QuestionWords
{
    // How questions end, with a space behind it or not: in ASCII and as East Asian text has it.
    private const string Ends = ":?])>\uFF1A\uFF1F\uFF3D\uFF09\uFE55\uFE13";

    // A second factor, a key's passphrase, a new password: none of them is the password.
    private static readonly HashSet<string> s_otherSecrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "otp", "totp", "hotp", "token", "pin", "verification", "authenticator", "factor", "challenge", "response", "duo", "yubikey",
        "passphrase", "current", "new", "old", "retype", "código", "codigo", "codice", "код",
    };

    private static readonly string[] s_otherPhrases =
    [
        "one-time", "one time", "einmal", "usage unique", "un solo uso", "uso único", "eenmalig", "engangs", "jednoraz", "одноразов",
        "验证码", "驗證碼", "一次性", "動態", "动态", "認証コード", "ワンタイム",
    ];

    // Nobody asks for a password by a question mark or for one of two letters.
    private static readonly string[] s_choices = ["y/n", "yes/no", "j/n", "o/n", "s/n"];

    private static readonly string[] s_expired =
    [
        "You are required to change your password immediately", "Your account has expired", "User account has expired", "password is expired",
        "Your password has expired", "Password change required", "account has expired", "'s old password:", "Current password:", "(current) UNIX password:",
    ];

    /// <summary>Whether a text that stands there is a question by its end.</summary>
    public static bool IsQuestion(string text) => text.TrimEnd() is { Length: > 0 } trimmed && Ends.Contains(trimmed[^1], StringComparison.Ordinal);

    /// <summary>Whether a question is known to ask for something else than a password, such as a second factor.</summary>
    public static bool AsksForOther(string text) =>
        s_otherPhrases.Concat(s_choices).Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase))
        || text.TrimEnd() is [.., '?' or '\uFF1F'] || Words(text).Any(
            word => s_otherSecrets.Contains(word) || word.EndsWith("code", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a line says that a password or an account is over its time. Lines that warn of it in advance do not.</summary>
    public static bool TellsOfExpiry(string line) => s_expired.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>The message for that.</summary>
    /// <param name="account">Whose password or account it is.</param>
    public static string Expired(string account) =>
        $"The password or the account of {account} has expired: log in by hand and change it, or have it renewed.";

    private static IEnumerable<string> Words(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isLetter = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (isLetter && start < 0)
            {
                start = i;
            }
            else if (!isLetter && start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }
}
