using System.Text;
using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>What a parent hears from a shell and says to it, in pieces of every size.</summary>
public sealed class ConversationTests
{
    private static readonly byte[] s_nonce = [.. Enumerable.Range(0x41, HandshakeCodec.NonceSize).Select(i => (byte)i)];
    private static readonly string s_marker = "mitogen:" + HelloScanner.MarkerOf(s_nonce);
    private static readonly SecondStage s_stage = new("the script\n", new Packed(new byte[] { 1, 2, 3 }, 3, false), ProgramCode.Import);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_report_is_answered_and_the_hello_follows_however_the_bytes_are_split(string newline)
    {
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes($"Welcome to the host{newline}{s_marker} report Linux x86_64 /lib64/ld-linux-x86-64.so.2 /usr/bin/perl /bin/gzip{newline}"),
            .. s_nonce, .. HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol, new ContextInfo("host", "user", 42, "os", "X64", "runtime"))), 7, 8,
        ];
        for (int size = 1; size <= bytes.Length; size++)
        {
            TargetReport? seen = null;
            Conversation conversation = new(s_nonce, report =>
            {
                Assert.Null(seen);
                seen = report;
                return s_stage;
            });
            List<byte> sent = [];
            foreach (byte[] piece in bytes.Chunk(size))
            {
                // As a real shell would, the target says hello only when it was sent its executable.
                sent.AddRange(conversation.Feed(piece).SelectMany(part => part.ToArray()));
            }

            Assert.Equal(("Linux", "x86_64", "linux-x64", 319), (seen!.System, seen.Machine, seen.Rid, seen.MemoryFileCall));
            Assert.True(seen.Has("perl") && seen.Has("gzip") && !seen.Has("python3") && seen.HasLoader("/lib64/ld-linux-x86-64.so.2"));
            Assert.Equal([.. "the script\n"u8, 1, 2, 3], sent);
            Assert.Equal("host", conversation.Hello?.Info.HostName);
            Assert.Equal(size == bytes.Length ? [7, 8] : conversation.Leftover, conversation.Leftover);
            Assert.Equal(["Welcome to the host"], conversation.NoiseLines);
        }
    }

    [Theory]
    [InlineData("failed place", BootstrapReason.NowhereToExecute, "/dev/shm")]
    [InlineData("failed executable", BootstrapReason.ExitedEarly, "whole")]
    [InlineData("failed runtime", BootstrapReason.NoRuntime, "No dotnet was found")]
    [InlineData("failed runtime 8.0.1 (/usr/bin/dotnet)", BootstrapReason.NoRuntime, "8.0.1 (/usr/bin/dotnet)")]
    public void A_stage_says_why_it_cannot_go_on(string line, BootstrapReason reason, string says)
    {
        Conversation conversation = new(s_nonce, _ => s_stage);
        _ = conversation.Feed(Encoding.UTF8.GetBytes($"{s_marker} report Linux x86_64\n"));

        var refused = Assert.Throws<StartRefusedException>(() => conversation.Feed(Encoding.UTF8.GetBytes($"{s_marker} {line}\n")));

        Assert.Equal(reason, refused.Problem.Reason);
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report Linux x86_64\n", "report Linux x86_64\n")]
    [InlineData("failed place\n", "")]
    [InlineData("hello\n", "")]
    [InlineData("shell\n", "shell\n")]
    [InlineData("report Linux x86_64\n", "shell\n")]
    public void A_line_out_of_place_is_refused(string first, string second)
    {
        Conversation conversation = new(s_nonce, _ => s_stage);
        Assert.Throws<ProtocolBrokenException>(() =>
        {
            foreach (string line in (string[])[first, second])
            {
                _ = conversation.Feed(Encoding.UTF8.GetBytes($"{s_marker} {line}"));
            }
        });
    }

    [Fact]
    public void A_shell_that_introduces_itself_becomes_the_login_shell_when_its_word_was_heard()
    {
        bool isHeard = false;
        Conversation conversation = new(s_nonce, _ => s_stage, () => isHeard = true);
        Assert.Empty(conversation.Feed("Welcome\nPassword: "u8));
        Assert.Equal(("Password: ", false, false), (conversation.Tail, conversation.HasSpoken, isHeard));

        ReadOnlyMemory<byte> sent = Assert.Single(conversation.Feed(Encoding.UTF8.GetBytes($"{s_marker} shell\n")));

        Assert.Equal(StageScripts.Login(HelloScanner.MarkerOf(s_nonce)), Encoding.UTF8.GetString(sent.Span));
        Assert.Equal(("", true, true), (conversation.Tail, conversation.HasSpoken, isHeard));
    }

    [Fact]
    public void A_login_shell_that_runs_nothing_is_named()
    {
        Conversation conversation = new(s_nonce, _ => s_stage);
        _ = conversation.Feed(Encoding.UTF8.GetBytes($"{s_marker} shell\n"));

        var refused = Assert.Throws<StartRefusedException>(() => conversation.Feed(Encoding.UTF8.GetBytes($"{s_marker} failed login /usr/sbin/nologin\n")));

        Assert.Equal(BootstrapReason.NotAllowed, refused.Problem.Reason);
        Assert.Contains("/usr/sbin/nologin", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_that_was_started_without_a_shell_makes_no_report() =>
        Assert.Throws<ProtocolBrokenException>(
            () => new Conversation(s_nonce, null).Feed(Encoding.UTF8.GetBytes($"{s_marker} report Linux x86_64\n")));

    [Theory]
    [InlineData("Darwin arm64 /usr/bin/perl", null)]
    [InlineData("Linux aarch64", "linux-arm64")]
    [InlineData("Linux riscv64", null)]
    [InlineData("/lib/ld-musl-x86_64.so.1", null)]
    [InlineData("", null)]
    public void A_platform_is_told_from_a_report(string report, string? rid) => Assert.Equal(rid, TargetReport.Parse(report).Rid);
}
