using System.Buffers.Binary;
using Mitogen.Calls;
using Mitogen.CompilerServices;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Exceptions of a context that may be somebody else's, and exceptions for one.</summary>
public sealed class HostileErrorTests
{
    private const string Hostile = "root/hostile";

    private static readonly ErrorSender s_sender = new(Hostile);

    /// <summary>The bytes of a lost context's exception, up to the length of its reason.</summary>
    private static readonly byte[] s_lost = [2, (byte)Hostile.Length, .. System.Text.Encoding.ASCII.GetBytes(Hostile)];

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(13)]
    [InlineData(-1)]
    public void A_reason_that_is_announced_longer_than_it_is_fails_the_call_and_reserves_nothing(int announced)
    {
        byte[] bytes = [.. s_lost, .. new byte[4 + 12]];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(s_lost.Length), announced);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception error = ErrorCodec.Read(bytes, s_sender);

        Assert.IsType<RemoteCallException>(error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public void A_reason_of_the_announced_length_is_read()
    {
        byte[] bytes = [.. s_lost, .. new byte[4 + 12 + 1]];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(s_lost.Length), 12);

        ContextLostException error = Assert.IsType<ContextLostException>(ErrorCodec.Read(bytes, s_sender));

        Assert.Equal(Hostile, error.ContextName);
    }

    [Theory]
    [InlineData("root/hostile", true)]
    [InlineData("root/hostile/below/it", true)]
    [InlineData("root/hostile/", false)]
    [InlineData("root/hostiles", false)]
    [InlineData("root/other", false)]
    [InlineData("root", false)]
    [InlineData("other", false)]
    [InlineData("", false)]
    public void It_speaks_of_itself_and_of_those_below_it_and_of_no_others(string context, bool believed)
    {
        Exception[] claims =
        [
            new ContextLostException(context, new DisconnectReason(DisconnectKind.Exited, "It exited.")),
            new BootstrapException(BootstrapReason.PasswordWrong, "db", context, "The password is wrong."),
        ];
        foreach (Exception claim in claims)
        {
            Exception arrived = Pass(claim, s_sender);

            Assert.Equal(believed ? claim.GetType() : typeof(RemoteCallException), arrived.GetType());
            Assert.Equal(believed ? "" : Hostile, (arrived as RemoteCallException)?.ContextPath ?? "");
            Assert.Equal(believed ? claim.GetType() : typeof(RemoteCallException), Pass(new IOException("m", claim), s_sender).InnerException!.GetType());
            Assert.Equal(claim.GetType(), Pass(claim, ErrorSender.Trusted("root")).GetType());
        }

        RemoteCallException thrown = Assert.IsType<RemoteCallException>(Pass(new OddException(), s_sender, context));
        Assert.Equal(believed ? context : Hostile, thrown.ContextPath);
    }

    [Fact]
    public void A_context_that_is_known_by_the_child_on_the_way_does_not_speak_for_that()
    {
        ErrorSender below = new(Hostile, IsExact: false);
        DisconnectReason reason = new(DisconnectKind.Exited, "It exited.");

        Assert.IsType<RemoteCallException>(Pass(new ContextLostException(Hostile, reason), below));
        Assert.IsType<ContextLostException>(Pass(new ContextLostException($"{Hostile}/a", reason), below));
    }

    [Fact]
    public void Nothing_in_it_controls_a_terminal()
    {
        const string Evil = "a\u001b[2J\r\u009b\u202e\b";
        Exception[] errors =
        [
            new OddException(Evil, new FileNotFoundException(Evil, Evil, new ArgumentException(Evil, Evil))),
            new BootstrapException(BootstrapReason.PasswordWrong, Evil, Hostile, Evil, [Evil]),
            new ContextLostException($"{Hostile}/x", new DisconnectReason(DisconnectKind.Exited, Evil, 1, [Evil])),
            new BootstrapException(BootstrapReason.PasswordWrong, "x", "root/other", Evil, [Evil]),
        ];
        foreach (Exception error in errors)
        {
            string text = Pass(error, s_sender).ToString();

            Assert.Contains("a\\x1b[2J\\r\\x9b\\u202e\\x08", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, c => c is not '\n' and < ' ' or '\u009b' or '\u202e');
        }
    }

    [Fact]
    public void A_failed_start_and_a_loss_begin_no_line_at_the_margin()
    {
        Exception start = Pass(new BootstrapException(BootstrapReason.ExitedEarly, "x", Hostile, "one\n[root/db] two", ["three\n[root/db] four"]), s_sender);
        Exception loss = Pass(new ContextLostException(Hostile, new DisconnectReason(DisconnectKind.Exited, "one\n[root/db] two")), s_sender);

        Assert.Equal("The context 'x', started from 'root/hostile', did not come up. one\n    [root/db] two It printed: three\\n[root/db] four", start.Message);
        Assert.EndsWith("one\n    [root/db] two", loss.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_down_has_no_stack_no_path_of_a_file_no_lines_and_no_data()
    {
        Exception inner = Thrown(new FileNotFoundException("Could not find file '/srv/secret/of it'.", "/srv/secret/of it"));
        inner.Data["server"] = "db";
        inner.Data["Mitogen.Step"] = "IObjects.Open in context 'root'";
        Exception error = Thrown(new OddException("It failed at /srv/secret/x: why?", inner));
        BootstrapException start = new(BootstrapReason.PasswordWrong, "db", "root", "No file:///srv/secret.", ["/srv/secret"]);
        ContextLostException loss = new("root/db", new DisconnectReason(DisconnectKind.Exited, "It exited.", 1, ["/srv/secret"]));

        RemoteCallException arrived = Assert.IsType<RemoteCallException>(Below(error));
        FileNotFoundException file = Assert.IsType<FileNotFoundException>(arrived.InnerException);

        Assert.Equal((typeof(OddException).FullName, "It failed at (path): why?"), (arrived.RemoteType, arrived.Message));
        Assert.Equal(("Could not find file '(path)'.", "(path)"), (file.Message, file.FileName));
        Assert.Equal(["Mitogen.Step"], file.Data.Keys.Cast<string>());
        Assert.Equal("The context 'db' did not come up. No (path).", Below(start).Message);
        Assert.Equal("Context 'root/db' is gone: It exited.", Below(loss).Message);
        foreach (Exception e in new[] { error, start, loss, Pass(error, ErrorSender.Trusted("root/a")) })
        {
            string text = Below(e).ToString();
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain(nameof(Thrown), text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("/", "/")]
    [InlineData("a / b", "a / b")]
    [InlineData("either/or of root/a/b", "either/or of root/a/b")]
    [InlineData("see https://host/x and http://host", "see https://host/x and http://host")]
    [InlineData("/a", "(path)")]
    [InlineData("'/a b/c' and \"/d e\"", "'(path)' and \"(path)\"")]
    [InlineData("'/a and /b.", "'(path) and (path).")]
    [InlineData("(/a/b), x=/c; file:///d/e", "((path)), x=(path); (path)")]
    [InlineData("at /a:\n/b", "at (path):\n(path)")]
    public void Paths_of_files_are_hidden(string text, string hidden) => Assert.Equal(hidden, LocalPaths.Hide(text));

    private static Exception Below(Exception error) =>
        ErrorCodec.Read(Write(error, "root", ErrorAudience.Below), ErrorSender.Trusted("root"));

    private static Exception Pass(Exception error, ErrorSender sender, string path = Hostile) =>
        ErrorCodec.Read(Write(error, path, ErrorAudience.Above), sender);

    private static byte[] Write(Exception error, string path, ErrorAudience audience)
    {
        CallBuffer buffer = new();
        ErrorCodec.Write(buffer, error, path, audience);
        return buffer.WrittenSpan.ToArray();
    }

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private sealed class OddException(string message = "odd", Exception? inner = null) : Exception(message, inner);
}
