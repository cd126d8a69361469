using Mitogen.Connections;
using Mitogen.Starting.Tools;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Mitogen.Ssh.Login;

/// <summary>
/// Gives the password at the server's own prompt, once, and not if it was refused without one; and not where another secret is asked for.
/// </summary>
internal sealed class PromptedPassword : KeyboardInteractiveAuthenticationMethod
{
    private readonly SshNetConnection _connection;
    private readonly PasswordAuthenticationMethod _before;
    private bool _wasGiven; // rounds of questions come one after the other

    public PromptedPassword(string user, SshNetConnection connection, PasswordAuthenticationMethod before)
        : base(user)
    {
        _connection = connection;
        _before = before;
        AuthenticationPrompt += Answer;
    }

    public override AuthenticationResult Authenticate(Session session)
    {
        if (_before.AllowedAuthentications is null)
        {
            return base.Authenticate(session);
        }

        AllowedAuthentications = _before.AllowedAuthentications;
        return AuthenticationResult.Failure;
    }

    private void Answer(object? sender, AuthenticationPromptEventArgs questions)
    {
        foreach (AuthenticationPrompt question in questions.Prompts)
        {
            string text = question.Request.Trim();
            if (QuestionWords.TellsOfExpiry(questions.Instruction) || QuestionWords.TellsOfExpiry(text))
            {
                throw new StartRefusedException(new(
                    BootstrapReason.Expired, $"The password of {Username} at {_connection.Host} has expired: log in by hand and change it, or have it renewed."));
            }

            if (question.IsEchoed || QuestionWords.AsksForOther(text))
            {
                throw new StartRefusedException(new(
                    BootstrapReason.UnansweredQuestion,
                    $"{_connection.Host} asks: '{text}', which no option of the connection answers. Log in by a key, or as a user who is asked for nothing else."));
            }

            if (_wasGiven)
            {
                throw new StartRefusedException(new(
                    BootstrapReason.PasswordWrong, $"{Username} at {_connection.Host} did not accept the password, and is asked again: '{text}'."));
            }

            _wasGiven = true;
            question.Response = _connection.Password!.Reveal();
        }
    }
}
