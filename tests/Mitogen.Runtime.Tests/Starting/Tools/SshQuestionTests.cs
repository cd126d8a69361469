using Mitogen.Connections;
using Mitogen.Starting.Tools;

namespace Mitogen.Runtime.Tests.Starting.Tools;

/// <summary>Which of the texts at ssh's terminal are questions for a secret that the connection has, and whose.</summary>
public sealed class SshQuestionTests
{
    private const string KeyPrompt = "Enter passphrase for key '/keys/id': ";
    private const string OwnPassword = "deploy@10.0.0.5's password: ";

    private static readonly SshRoute s_direct = new("deploy", "10.0.0.5", null, IsProxied: false, NamesAsker: true);
    private static readonly SshRoute s_jump = new("deploy", "10.0.0.5", "jump", IsProxied: true, NamesAsker: true);
    private static readonly SshRoute s_old = new("deploy", "10.0.0.5", null, IsProxied: false, NamesAsker: false);

    [Theory]
    [InlineData(OwnPassword, "pw")]
    [InlineData("Welcome!" + OwnPassword, "pw")]
    [InlineData("(deploy@10.0.0.5) Password: ", "pw")]
    [InlineData("(deploy@10.0.0.5) Passwort für deploy: ", "pw")]
    [InlineData(KeyPrompt, "phrase")]
    [InlineData("Enter passphrase for key '/keys/another': ", "")]
    [InlineData("(deploy@10.0.0.5) " + KeyPrompt, "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) passphrase: ", "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) |" + KeyPrompt, "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) Verification code: ", "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) Duo PIN: ", "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) 验证码：", "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) You are required to change your password immediately (administrator enforced).|(deploy@10.0.0.5) Current password: ", "Expired")]
    [InlineData("Enter PIN for ECDSA-SK key /keys/sk: ", "UnansweredQuestion")]
    [InlineData("Enter deploy@10.0.0.5's old password: ", "Expired")]
    public void What_the_only_server_asks(string text, string answer) => Assert.Equal(answer, Answer(s_direct, text));

    [Theory]
    [InlineData(OwnPassword, "pw")]
    [InlineData(KeyPrompt, "phrase")]
    [InlineData("(deploy@10.0.0.5) Password: ", "pw")]
    [InlineData("deploy@jump's password: ", "PasswordRequired")]
    [InlineData("xdeploy@10.0.0.5's password: ", "PasswordRequired")]
    [InlineData("(deploy@jump) Password: ", "PasswordRequired")]
    [InlineData("(deploy@jump) " + OwnPassword, "PasswordRequired")]
    [InlineData("(deploy@jump) |" + OwnPassword, "PasswordRequired")]
    [InlineData("(deploy@jump) |(deploy@10.0.0.5) Password: ", "PasswordRequired")]
    [InlineData("(deploy@jump) |" + KeyPrompt, "PasswordRequired")]
    [InlineData("Hello(deploy@jump) |" + OwnPassword, "PasswordRequired")]
    [InlineData("deploy@10.0.0.5's password: deploy@jump's password: ", "PasswordRequired")]
    public void What_is_asked_where_a_host_on_the_way_may_ask_as_well(string text, string answer) => Assert.Equal(answer, Answer(s_jump, text));

    [Theory]
    [InlineData(OwnPassword, "PasswordRequired")]
    [InlineData("(deploy@10.0.0.5) Password: ", "PasswordRequired")]
    [InlineData("(deploy@10.0.0.5) |" + KeyPrompt, "UnansweredQuestion")]
    [InlineData("(deploy@10.0.0.5) |" + OwnPassword, "PasswordRequired")]
    [InlineData(KeyPrompt, "phrase")]
    public void What_is_asked_where_a_host_on_the_way_has_the_same_name(string text, string answer) =>
        Assert.Equal(answer, Answer(s_jump with { IsShared = true }, text));

    [Theory]
    [InlineData("ProxyJump other", false)]
    [InlineData("ProxyJump twin", true)]
    [InlineData("ProxyJump twin,other", true)]
    [InlineData("ProxyJump unknown", true)]
    [InlineData("ProxyJump behind-twin", true)]
    [InlineData("SSH -W %h:%p other", false)]
    [InlineData("SSH -W %h:%p twin", true)]
    [InlineData("exec SSH -o 'User=x' twin", true)]
    [InlineData("A=b SSH twin", true)]
    [InlineData("SSH \"other\"", false)]
    [InlineData("SSH $(echo other)", true)]
    [InlineData("nc %h %p", false)]
    public async Task Hosts_on_the_way_are_looked_at_for_the_name_of_the_target(string way, bool hasIt)
    {
        string folder = Directory.CreateTempSubdirectory("test-hops-").FullName;
        string ssh = Path.Combine(folder, "ssh");
        try
        {
            File.Move(Connections.Scripts.Write("""
                [ "$1" = -G ] || exit 1
                case " $* " in *" -J twin "*) jump='proxyjump twin';; *) jump='proxycommand none';; esac
                for host; do :; done
                case ${host#ssh://} in
                    other) printf 'user deploy\nhostname 10.0.0.6\n%s\n' "$jump";;
                    twin) printf 'user deploy\nhostname 10.0.0.5\n%s\n' "$jump";;
                    behind-twin) printf 'user deploy\nhostname 10.0.0.7\nproxyjump twin\n';;
                    *) exit 1;;
                esac
                """), ssh);
            SshRoute route = way.Split(' ') is ["ProxyJump", var jumps] ? s_jump with { Jumps = jumps }
                : s_jump with { Jumps = null, ProxyCommand = way.Replace("SSH", ssh, StringComparison.Ordinal) };
            Assert.Equal(hasIt, await new SshHops(ssh, [], "web1").HaveNameOfAsync(route, TestContext.Current.CancellationToken));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Old_versions_do_not_name_who_asks()
    {
        Assert.Equal("pw", Answer(s_old, "Password: "));
        Assert.Equal("UnansweredQuestion", Answer(s_old, "One-time password: "));
        Assert.Equal("UnansweredQuestion", Answer(s_old with { IsProxied = true }, "Password: "));
    }

    [Fact]
    public void What_is_shown_is_no_question_but_the_one_for_a_host_key()
    {
        Assert.Null(Answer(s_direct, OwnPassword, isHidden: false));
        Assert.Equal("HostKeyUnknown", Answer(
            s_jump, "The authenticity of host 'jump (192.0.2.1)' can't be established.|Are you sure you want to continue connecting (yes/no/[fingerprint])? ", isHidden: false));
    }

    [Fact]
    public void More_lines_than_are_kept_hide_who_asks()
    {
        Interview interview = new(new QuestionTool(s_jump));
        interview.Hear("(deploy@jump) ");
        for (int i = 0; i < 2000; i++)
        {
            interview.Hear("");
        }

        Assert.Throws<StartRefusedException>(() => interview.Answer(new Asked(OwnPassword) { IsHidden = true, Standing = Standing.Settled }));
    }

    [Fact]
    public void A_key_is_asked_for_once_and_each_key_by_itself()
    {
        Interview interview = new(new QuestionTool(s_direct, identity: null));
        Assert.Equal("phrase", interview.Answer(new Asked("Enter passphrase for key '/a': ") { IsHidden = true })?.Reveal());
        Assert.Equal("phrase", interview.Answer(new Asked("Enter passphrase for key '/b': ") { IsHidden = true })?.Reveal());
        Assert.Equal(
            BootstrapReason.PasswordWrong,
            Assert.Throws<StartRefusedException>(() => interview.Answer(new Asked("Enter passphrase for key '/a': ") { IsHidden = true })).Problem.Reason);
    }

    [Fact]
    public void A_password_is_given_once()
    {
        Interview interview = new(new QuestionTool(s_direct));
        Assert.Equal("pw", interview.Answer(new Asked("(deploy@10.0.0.5) Password: ") { IsHidden = true })?.Reveal());
        Assert.Equal(
            BootstrapReason.PasswordWrong, Assert.Throws<StartRefusedException>(() => interview.Answer(new Asked(OwnPassword) { IsHidden = true })).Problem.Reason);
        Assert.Equal(
            BootstrapReason.UnansweredQuestion,
            Assert.Throws<StartRefusedException>(() => interview.Answer(new Asked("(deploy@10.0.0.5) Anything: ") { IsHidden = true })).Problem.Reason);
    }

    [Fact]
    public void An_account_that_is_over_is_told_where_the_password_is_asked_for_again()
    {
        Interview interview = new(new QuestionTool(s_direct));
        Assert.Equal("pw", interview.Answer(new Asked("(deploy@10.0.0.5) Password: ") { IsHidden = true })?.Reveal());
        interview.Hear("Your account has expired; please contact your system administrator.");
        Assert.Equal(
            BootstrapReason.Expired, Assert.Throws<StartRefusedException>(() => interview.Answer(new Asked(OwnPassword) { IsHidden = true })).Problem.Reason);
    }

    [Fact]
    public void After_the_first_word_nothing_is_answered()
    {
        Interview interview = new(new QuestionTool(s_direct));
        interview.End();
        Assert.Null(interview.Answer(new Asked(OwnPassword) { IsHidden = true, Standing = Standing.Waiting }));
    }

    [Fact]
    public void Where_ssh_goes_is_read_from_what_it_says_of_its_configuration()
    {
        const string Configuration = "user deploy\nhostname 10.0.0.5\nport 22\nproxyjump jump\npubkeyacceptedalgorithms ssh-ed25519\n";
        SshRoute jump = SshRoute.Parse(Configuration + "identityfile ~/a\nidentityfile /b\nkbdinteractiveauthentication no\n", new SshConnection("web1"));
        Assert.Equal(["~/a", "/b"], jump.IdentityFiles);
        Assert.Equal(["KbdInteractiveAuthentication no"], jump.AgainstPassword);
        Assert.Equal(s_jump with { HostName = "10.0.0.5", Port = "22" }, jump with { IdentityFiles = [], AgainstPassword = [] });
        string unproxied = Configuration.Replace("proxyjump jump\n", "proxycommand none\n", StringComparison.Ordinal);
        SshRoute direct = SshRoute.Parse(unproxied, new SshConnection("web1"));
        Assert.Equal(s_direct with { HostName = "10.0.0.5", Port = "22" }, direct with { IdentityFiles = [], AgainstPassword = [] });
        Assert.Equal("web", SshRoute.Parse("hostkeyalias web\n" + Configuration, new SshConnection("web1")).Host);
        Assert.True(SshRoute.Parse("user deploy\nhostname h\nproxycommand nc %h %p\n", new SshConnection("web1")).IsProxied);
        Assert.Equal(("me", "web1", true), SshRoute.Parse("no such option", new SshConnection("web1") { User = "me" }) is var assumed
            ? (assumed.User, assumed.Host, assumed.IsProxied) : default);
    }

    // Lines are separated by "|"; what stands behind the last one is unterminated.
    private static string? Answer(SshRoute route, string text, bool isHidden = true)
    {
        Interview interview = new(new QuestionTool(route));
        string[] lines = text.Split('|');
        foreach (string line in lines[..^1])
        {
            interview.Hear(line);
        }

        try
        {
            return interview.Answer(new Asked(lines[^1]) { IsHidden = isHidden, Standing = Standing.Settled })?.Reveal();
        }
        catch (StartRefusedException e)
        {
            return e.Problem.Reason.ToString();
        }
    }

    private sealed class QuestionTool(SshRoute route, string? identity = "/keys/id") : Tool
    {
        private readonly SshConnection _connection = new("web1") { Password = "pw", Passphrase = "phrase", IdentityFile = identity };

        public override string File => "ssh";

        public override IReadOnlyList<string> Arguments(string script) => [];

        public override Reply? Reply(Asked asked) => new SshQuestions(_connection, route, Unanswerable).Reply(asked);

        public override LaunchProblem? Explain(LaunchEnd end) => null;
    }
}
