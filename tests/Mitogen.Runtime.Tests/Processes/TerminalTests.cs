using System.Collections.Concurrent;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

/// <summary>Children whose standard error is a terminal, and what they ask.</summary>
public sealed class TerminalTests : LeakCheckedTest
{
    private const string Password = "Über-geheim 1";

    private readonly List<string> _lines = [];
    private readonly BlockingCollection<Prompt> _prompts = [];

    [Fact]
    public async Task It_is_standard_error_and_the_controlling_terminal_and_nothing_else()
    {
        ChildProcess child = await RunAsync("""
            test -t 0 && echo stdin >&2
            test -t 1 && echo stdout >&2
            test -t 2 && echo stderr >&2
            echo to the terminal > /dev/tty
            echo and out
            """);
        Assert.Equal(["stderr", "to the terminal"], _lines);
        Assert.Equal(_lines, child.LastStderrLines);
    }

    [Fact]
    public async Task Lines_come_without_carriage_returns()
    {
        await RunAsync("printf 'one\\n\\rtwo\\r\\n\\nlast' >&2");
        Assert.Equal(["one", "two", "", "last"], _lines);
    }

    [Fact]
    public async Task A_lot_arrives_whole_also_when_the_child_exits_at_once()
    {
        for (int round = 0; round < 20; round++)
        {
            _lines.Clear();
            await RunAsync("seq 1 5000 >&2; echo last words >&2; exit 3");
            Assert.Equal([.. Enumerable.Range(1, 5000).Select(i => $"{i}"), "last words"], _lines);
        }
    }

    [Fact]
    public async Task A_secret_is_asked_for_and_typed_and_comes_back_nowhere()
    {
        ChildProcess child = Start("exec /usr/bin/python3 -c \"import getpass; print(getpass.getpass('Geheimnis: '))\"");
        Assert.Equal(new Prompt("Geheimnis: ", EchoOff: true), Next());
        Assert.True(child.TryType(Password));
        Assert.Equal(Password, ReadLine(child.Transport));
        await EndedAsync(child);
        Assert.Equal(["Geheimnis: "], _lines);
        Assert.False(child.TryType(Password));
    }

    [Fact]
    public async Task The_echo_may_go_off_after_the_prompt_was_printed()
    {
        ChildProcess child = Start(
            "printf 'Password: ' > /dev/tty; read go; stty -echo < /dev/tty; read answer < /dev/tty; stty echo < /dev/tty; echo $answer");
        Assert.Equal(new Prompt("Password: ", EchoOff: false), Next());
        Assert.False(child.TryType(Password));
        WriteLine(child.Transport, "go");
        Assert.Equal(new Prompt("Password: ", EchoOff: true), Next());
        Assert.True(child.TryType(Password));
        Assert.Equal(Password, ReadLine(child.Transport));
        await EndedAsync(child);
        Assert.Equal(["Password: "], _lines);
    }

    [Fact]
    public async Task Asking_again_in_the_same_words_is_told_again()
    {
        ChildProcess child = Start("""
            stty -echo < /dev/tty
            until printf '\r' > /dev/tty; printf 'Password: ' > /dev/tty; read answer < /dev/tty; test "$answer" = right
            do printf '\nSorry.\n' > /dev/tty; done
            echo $answer
            """);
        foreach (string answer in (string[])["wrong", "wronger", "right"])
        {
            Assert.Equal(new Prompt("Password: ", EchoOff: true), Next());
            Assert.True(child.TryType(answer));
        }

        Assert.Equal("right", ReadLine(child.Transport));
        await EndedAsync(child);
        Assert.Equal(["Password: ", "Sorry.", "Password: ", "Sorry.", "Password: "], _lines);
    }

    [Fact]
    public async Task What_cannot_be_typed_is_refused()
    {
        ChildProcess child = Start("stty -echo < /dev/tty; printf '? ' >&2; read answer < /dev/tty; echo $answer");
        Assert.Equal(new Prompt("? ", EchoOff: true), Next());
        foreach (string text in (string[])["a\nb", "\u0003", "\0", new string('x', 4095), new string('ü', 2048)])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => child.TryType(text));
            Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
        }

        string longest = new('x', 4094);
        Assert.True(child.TryType(longest));
        Assert.Equal(longest, ReadLine(child.Transport));
        await EndedAsync(child);
    }

    [Fact]
    public async Task Without_a_terminal_a_prompt_is_what_stands_without_a_line_end()
    {
        var child = ChildProcess.Start(new()
        {
            FileName = "sh",
            Arguments = ["sh", "-c", "printf 'first\\nName? ' >&2; read name; printf \"$name\\n\" >&2"],
            StderrLine = _lines.Add,
            Prompt = _prompts.Add,
        });
        Assert.Equal(new Prompt("Name? ", EchoOff: false), Next(prompt => prompt.Tail == "Name? "));
        Assert.Throws<InvalidOperationException>(() => child.TryType(Password));
        WriteLine(child.Transport, "Ada");
        await EndedAsync(child);
        Assert.Equal(["first", "Name? Ada"], _lines);
    }

    [Fact]
    public async Task A_callback_that_throws_is_called_no_more_and_the_child_goes_on()
    {
        int calls = 0;
        var child = ChildProcess.Start(new()
        {
            FileName = "sh",
            Arguments = ["sh", "-c", "printf 'a? ' >&2; read x; printf 'b? ' >&2; exit 3"],
            Terminal = true,
            Prompt = _ =>
            {
                calls++;
                throw new InvalidOperationException("no");
            },
        });
        child.Transport.CloseWriting();
        Assert.Equal(3, (await child.Exited.InTimeAsync()).Code);
        await Assert.ThrowsAsync<InvalidOperationException>(() => child.StderrDrained.InTimeAsync());
        Assert.Equal(1, calls);
        await child.EndAsync(Patience);
    }

    [Fact]
    public async Task A_child_that_waits_for_an_answer_ends_when_it_is_ended()
    {
        ChildProcess child = Start("stty -echo < /dev/tty; printf 'Password: ' >&2; read answer < /dev/tty");
        _ = Next();
        await child.EndAsync(TimeSpan.Zero);
        Assert.True(child.Exited.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_program_that_is_not_there_leaves_no_terminal() =>
        Assert.Throws<FileNotFoundException>(
            () => ChildProcess.Start(new() { FileName = "/nowhere/sh", Arguments = ["sh"], Terminal = true }));

    private ChildProcess Start(string script) => ChildProcess.Start(new()
    {
        FileName = "sh",
        Arguments = ["sh", "-c", script],
        Terminal = true,
        StderrLine = _lines.Add,
        Prompt = _prompts.Add,
    });

    private Prompt Next(Predicate<Prompt>? wanted = null)
    {
        while (_prompts.TryTake(out Prompt prompt, (int)Patience.TotalMilliseconds, Cancellation))
        {
            if (wanted?.Invoke(prompt) != false)
            {
                return prompt;
            }
        }

        throw new TimeoutException("No prompt came.");
    }

    private async Task<ChildProcess> RunAsync(string script)
    {
        ChildProcess child = Start(script);
        await EndedAsync(child);
        return child;
    }

    private static async Task EndedAsync(ChildProcess child)
    {
        await child.Exited.InTimeAsync();
        await child.StderrDrained.InTimeAsync();
        await child.EndAsync(Patience);
    }
}
