using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Starting.Tools;

/// <summary>Whole starts by tools that ask as those do that are not here, or as no honest one does: scripts take their places.</summary>
public sealed class SecretStandInTests : LeakCheckedTest
{
    private const string Secret = "c0rrect-h0rse";

    // What su does once it has the password, with its arguments.
    private const string BecomesTheOther = """while [ "$1" != -c ]; do shift; done; exec sh "$@" """;

    /// <summary>How a question is written, and on which descriptor.</summary>
    public static TheoryData<string, int> Questions { get; } = new()
    {
        { "Password: ", 2 },
        { "Password: ", 1 },
        { "密码：", 2 },
        { "Mot de passe : ", 2 },
        { "Enter your password ", 2 },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Su_may_ask_in_any_words_and_on_either_output(string question, int descriptor)
    {
        string su = Scripts.Write($$"""
            printf '%s' '{{question}}' >&{{descriptor}}; IFS= read -r answer
            [ "$answer" = {{Secret}} ] || exit 1
            {{BecomesTheOther}}
            """);
        await using var root = MitogenRoot.Create();
        await ComesUpAsync(root, new SuConnection { SuPath = su, Password = Secret });
    }

    [Fact]
    public async Task A_question_that_was_answered_is_not_told()
    {
        string su = Scripts.Write($$"""
            printf 'Password: ' >&2; IFS= read -r answer; echo >&2; echo 'Welcome.' >&2
            {{BecomesTheOther}}
            """);
        RecordingLoggers loggers = new();
        await using var root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = loggers });
        await ComesUpAsync(root, new SuConnection { SuPath = su, Password = Secret });
        await Eventually.UntilAsync(() => loggers.Records.Any(record => record.Message.Contains("Welcome.", StringComparison.Ordinal)));
        Assert.DoesNotContain(loggers.Records, record => record.Message.Contains("Password", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Verification code: ", BootstrapReason.UnansweredQuestion)]
    [InlineData("Do you accept the terms (y/n)? ", BootstrapReason.UnansweredQuestion)]
    [InlineData("Current password: ", BootstrapReason.Expired)]
    public async Task Su_may_ask_for_what_is_not_the_password(string question, BootstrapReason reason)
    {
        string seen = Scripts.NewPath();
        string su = Scripts.Write($"printf '%s' '{question}' >&2; IFS= read -r answer && echo \"$answer\" >> {seen}; exit 1");
        BootstrapException failure = await FailsAsync(new SuConnection { SuPath = su, Password = Secret }, reason);
        Assert.Contains(question.Trim(), failure.Detail, StringComparison.Ordinal);
        Assert.False(File.Exists(seen));
    }

    [Fact]
    public async Task Su_tells_of_itself_in_two_pieces()
    {
        // As warnx(3) does: the first ends as a question.
        string su = Scripts.Write("printf 'su: ' >&2; sleep 0.3; echo 'user nobody2 does not exist or the user entry does not contain all the required fields' >&2; exit 1");
        string named = Path.Combine(Path.GetDirectoryName(su)!, "named-" + Path.GetFileName(su), "su");
        _ = Directory.CreateDirectory(Path.GetDirectoryName(named)!);
        File.Move(su, named);
        try
        {
            _ = await FailsAsync(new SuConnection { SuPath = named, User = "nobody2" }, BootstrapReason.NotAllowed);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(named)!, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_typed_and_not_read_is_not_run_by_the_shell()
    {
        // It asks, and takes no answer.
        string su = Scripts.Write($"printf 'Password: ' >&2; sleep 1; {BecomesTheOther}");
        string made = Scripts.NewPath();
        await using var root = MitogenRoot.Create();
        await ComesUpAsync(root, new SuConnection { SuPath = su, Password = $"touch {made}" });
        Assert.False(File.Exists(made));
    }

    [Theory]
    [InlineData(Secret, null)]
    [InlineData("wrong", BootstrapReason.PasswordWrong)]
    [InlineData(null, BootstrapReason.PasswordRequired)]
    public async Task Sudo_rs_asks_with_our_prompt_in_its_own(string? password, BootstrapReason? reason)
    {
        string sudo = Scripts.Write($$"""
            for try in 1 2 3; do
              printf '[sudo: %s] Password: ' "$3" >&2; IFS= read -r answer; echo >&2
              [ "$answer" = {{Secret}} ] && break
              [ $try = 3 ] && { echo 'sudo-rs: Maximum 3 incorrect authentication attempts' >&2; exit 1; }
              echo 'sudo: Authentication failed, try again.' >&2
            done
            while [ "$1" != -- ]; do shift; done; shift; exec "$@"
            """);
        SudoConnection connection = new() { SudoPath = sudo, Password = password };
        if (reason is { } expected)
        {
            _ = await FailsAsync(connection, expected);
            return;
        }

        await using var root = MitogenRoot.Create();
        await ComesUpAsync(root, connection);
        await ComesUpAsync(root, connection with { Login = true });
    }

    [Theory]
    [InlineData("Do you agree (y/n)? ", 2)]
    [InlineData("Please enter Username: ", 1)]
    public async Task A_question_that_nobody_answers_ends_the_start_and_is_told(string question, int descriptor)
    {
        string tool = Scripts.Write($"echo Hello >&2; printf '%s' '{question}' >&{descriptor}; exec sleep 1000");
        foreach (Connection connection in (Connection[])[new ExecConnection(tool), new KubernetesConnection("web") { KubectlPath = tool }])
        {
            // In the time of the connection itself, nothing would be told but that it was over.
            BootstrapException failure = await FailsAsync(
                connection with { QuestionTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromMinutes(10) }, BootstrapReason.UnansweredQuestion);
            Assert.Contains($"asks: '{question.Trim()}'", failure.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_text_that_stands_when_the_time_is_over_is_told_as_are_words_that_are_known()
    {
        string tool = Scripts.Write("printf 'Press any key to go on' >&2; exec sleep 1000");
        await EndsByTimeAsync(
            new ExecConnection(tool), BootstrapReason.TimedOut, failure => failure.Detail.Contains("Press any key to go on", StringComparison.Ordinal));

        string docker = Scripts.Write("echo 'Error response from daemon: No such container: web' >&2; exec sleep 1000");
        await EndsByTimeAsync(new DockerConnection("web") { DockerPath = docker }, BootstrapReason.NoSuchContainer, _ => true);
    }

    [Fact]
    public async Task Words_count_only_until_the_shell_has_spoken()
    {
        // It speaks for the shell, and then in docker's own words.
        string docker = Scripts.Write("""
            for script; do :; done
            n=${script#*gen:}; n=${n%%;*}
            echo "mitogen:$n report Linux x86_64 /usr/bin/gzip /usr/bin/tar"; read -r line
            echo 'Error response from daemon: No such container: web' >&2; exit 1
            """);
        BootstrapException failure = await FailsAsync(new DockerConnection("web") { DockerPath = docker }, BootstrapReason.ExitedEarly);
        Assert.Contains("Error response from daemon: No such container: web", failure.LastLines);
    }

    [Fact]
    public async Task A_shell_that_can_start_no_program_is_told()
    {
        string sudo = Scripts.Write("""while [ "$1" != -- ]; do shift; done; shift; PATH=/nowhere; exec "$@" """);
        BootstrapException failure = await FailsAsync(new SudoConnection { SudoPath = sudo }, BootstrapReason.NotAllowed);
        Assert.Contains("noexec", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_stands_in_no_process_and_in_nothing_that_is_told()
    {
        string asked = Scripts.NewPath();
        string go = Scripts.NewPath();
        string sudo = Scripts.Write($$"""
            printf '%s' "$3" >&2; IFS= read -r answer
            touch {{asked}}; while [ ! -e {{go}} ]; do sleep 0.05; done
            [ "$answer" = {{Secret}} ] || exit 1
            while [ "$1" != -- ]; do shift; done; shift; exec "$@"
            """);
        await using var root = MitogenRoot.Create();
        IRemoteContext middle = await root.ConnectAsync(new LocalConnection(), Cancellation);
        Task<IRemoteContext> start = middle.ConnectAsync(new SudoConnection { SudoPath = sudo, Password = Secret }, Cancellation);
        await Eventually.UntilAsync(() => File.Exists(asked));

        string[] before = ProcessTable.FilesWith(Secret);
        File.WriteAllText(go, "");
        IRemoteContext context = await start;
        Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
        Assert.Empty(before);
        Assert.Empty(ProcessTable.FilesWith(Secret));
    }

    private static async Task ComesUpAsync(MitogenRoot root, Connection connection)
    {
        await using IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
    }

    /// <summary>A start that only its time-out ends, with a time in which the tool has said what it is to say.</summary>
    private static async Task EndsByTimeAsync(Connection connection, BootstrapReason reason, Func<BootstrapException, bool> hasSaid)
    {
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromSeconds(2)))
        {
            BootstrapException failure = await FailsAsync(connection with { ConnectTimeout = time });
            if (failure.Reason == reason && hasSaid(failure))
            {
                return;
            }

            Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
        }
    }

    private static async Task<BootstrapException> FailsAsync(Connection connection, BootstrapReason reason)
    {
        BootstrapException failure = await FailsAsync(connection);
        Assert.True(failure.Reason == reason, failure.ToString());
        return failure;
    }

    private static async Task<BootstrapException> FailsAsync(Connection connection)
    {
        await using var root = MitogenRoot.Create();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection with { Name = "new" }, Cancellation));
        Assert.Contains("'new'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }
}
