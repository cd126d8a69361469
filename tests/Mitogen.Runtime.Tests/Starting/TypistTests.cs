using Mitogen.Connections;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Starting;
using Mitogen.Starting.Tools;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>When a secret is typed and when it is not, by a clock that the test moves and without a process.</summary>
public sealed class TypistTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(500);

    private readonly ManualTime _time = new();
    private readonly List<string> _typed = [];
    private readonly Typist _typist;

    public TypistTests() => _typist = new Typist(new Questioned(), s_patience, _time);

    public void Dispose() => _typist.Dispose();

    [Fact]
    public void A_question_that_came_before_the_process_is_known_is_answered_then()
    {
        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));
        Assert.Empty(_typed);

        _typist.Attach(Type);

        Assert.Equal(["first"], _typed);
    }

    [Fact]
    public void A_text_is_answered_once_it_has_stood_for_long_enough()
    {
        _typist.Attach(Type);
        _typist.OnPrompt(new Prompt("Type the code", EchoOff: false));
        _time.Advance(s_settled - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_typed);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["settled"], _typed);
    }

    [Fact]
    public void A_text_that_grows_begins_to_stand_anew()
    {
        _typist.Attach(Type);
        _typist.OnPrompt(new Prompt("Type", EchoOff: false));
        _time.Advance(s_settled / 2);
        _typist.OnPrompt(new Prompt("Type the code", EchoOff: false));
        _time.Advance(s_settled / 2);
        Assert.Empty(_typed);

        _time.Advance(s_settled / 2);

        Assert.Equal(["settled"], _typed);
    }

    [Fact]
    public void What_was_answered_stands_before_the_next_question_of_its_line_and_not_in_it()
    {
        _typist.Attach(Type);
        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));
        _typist.OnPrompt(new Prompt("Password: Type the code", EchoOff: false));
        Assert.Equal("Type the code", _typist.Standing);

        _time.Advance(s_settled);

        Assert.Equal(["first", "settled"], _typed);
    }

    [Fact]
    public void The_same_question_in_a_line_of_its_own_is_another_one()
    {
        _typist.Attach(Type);
        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));
        Assert.False(_typist.OnLine("Password: ")); // the answer ends its line
        Assert.True(_typist.OnLine("Sorry."));

        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));

        Assert.Equal(["first", "second"], _typed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_that_nobody_answers_is_refused_when_it_has_waited(bool isOnOutput)
    {
        _typist.Attach(Type);
        if (isOnOutput)
        {
            _typist.OnOutput("Do you agree? ");
        }
        else
        {
            _typist.OnPrompt(new Prompt("Do you agree? ", EchoOff: false));
        }

        _time.Advance(s_patience - TimeSpan.FromMilliseconds(1));
        Assert.False(_typist.Refused.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        StartRefusedException refused = await Assert.ThrowsAsync<StartRefusedException>(() => _typist.Refused);
        Assert.Equal(BootstrapReason.UnansweredQuestion, refused.Problem.Reason);
        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));
        Assert.Empty(_typed);
    }

    [Fact]
    public void When_the_shell_has_spoken_nothing_is_typed_any_more()
    {
        _typist.Attach(Type);
        _typist.OnPrompt(new Prompt("Type the code", EchoOff: false));

        _typist.End();

        _time.Advance(2 * s_patience);
        _typist.OnPrompt(new Prompt("Password: ", EchoOff: true));
        Assert.Empty(_typed);
        Assert.False(_typist.Refused.IsCompleted);
    }

    [Fact]
    public void A_tool_that_ends_while_it_asks_has_its_own_reason()
    {
        _typist.Attach(_ => throw new IOException("It is gone."));

        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));

        Assert.False(_typist.Refused.IsCompleted);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_typed_is_told()
    {
        _typist.Attach(_ => throw new ArgumentException("It has two lines."));

        _typist.OnPrompt(new Prompt("Password: ", EchoOff: false));

        StartRefusedException refused = await Assert.ThrowsAsync<StartRefusedException>(() => _typist.Refused);
        Assert.Contains("two lines", refused.Problem.Message, StringComparison.Ordinal);
    }

    private void Type(Secret secret) => _typed.Add(secret.Reveal());

    private sealed class Questioned : Way
    {
        public override bool IsNear => true;

        public override Interview? Interview { get; } = new(new Asking());

        public override Task<ICarrier> OpenAsync(Action<string> onLine, Typist typist, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    /// <summary>Two passwords that it asks for at once, and a code that it asks for in words which may be the beginning of others.</summary>
    private sealed class Asking : Tool
    {
        public override string File => "asking";

        public override IReadOnlyList<string> Arguments(string script) => [];

        public override Reply? Reply(Asked asked) => asked.Text switch
        {
            "Password: " => new Reply.Type("the password", "Password", new Secret(asked.Given.Count == 0 ? "first" : "second")),
            "Type the code" when asked.Standing != Standing.Fresh => new Reply.Type("the code", "Code", new Secret("settled")),
            _ => null,
        };

        public override LaunchProblem? Explain(LaunchEnd end) => null;
    }
}
