namespace Mitogen.Runtime.Tests.Errors;

/// <summary>A message names the cause that the last lines hold.</summary>
public sealed class LossMessageTests
{
    [Fact]
    public void A_loss_says_what_the_process_said_last()
    {
        ContextLostException error = new("root/a", new DisconnectReason(DisconnectKind.Exited, "Its process exited with 1.", 1, ["first", "my last words"]));

        Assert.Equal("Context 'root/a' is gone: Its process exited with 1. Last lines: first | my last words", error.Message);
    }

    [Fact]
    public void The_cause_of_a_crash_stands_before_a_stack_of_any_length()
    {
        string[] lines =
        [
            "noise", "Unhandled exception. System.InvalidOperationException: the cause",
            .. Enumerable.Repeat($"   at {new string('x', 300)}", 18),
        ];

        string message = new ContextLostException("root/a", new DisconnectReason(DisconnectKind.Exited, "It exited.", 134, lines)).Message;

        Assert.Contains("Unhandled exception. System.InvalidOperationException: the cause | ... |", message, StringComparison.Ordinal);
        Assert.DoesNotContain("noise", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1000, 3000);
    }

    [Fact]
    public void However_much_was_printed_the_message_can_be_read_and_the_lines_are_there()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => $"{i}: {new string('x', 8192)}")];

        BootstrapException error = new(BootstrapReason.ExitedEarly, "a", "root", "It ended.", lines);

        Assert.InRange(error.Message.Length, 1000, 3000);
        Assert.Contains("19: xxx", error.Message, StringComparison.Ordinal);
        Assert.Equal(lines, error.LastLines);
    }
}
