using Mitogen.Bootstrap;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Mitogen.Ssh.Login;

/// <summary>Gives the password at the server's own prompt, once, and not if it was refused without one.</summary>
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
            if (question.IsEchoed)
            {
                throw new StartRefusedException(new(
                    BootstrapReason.PasswordRequired, $"{_connection.Host} asks '{question.Request.Trim()}', which no option answers."));
            }

            if (_wasGiven)
            {
                throw new StartRefusedException(new(
                    BootstrapReason.PasswordWrong, $"{Username} at {_connection.Host} did not accept the password, and is asked again: '{question.Request.Trim()}'."));
            }

            _wasGiven = true;
            question.Response = _connection.Password!.Reveal();
        }
    }
}
