using System.Runtime.CompilerServices;
using Mitogen.Calls;
using Mitogen.CompilerServices;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class ErrorCodecTests
{
    private const string Path = "root/a";

#pragma warning disable CA2201 // exceptions of the runtime's own are among them
    public static TheoryData<Exception> Known =>
    [
        new ArgumentException("bad", "name"),
        new ArgumentException("bad"),
        new ArgumentNullException("name"),
        new ArgumentNullException("name", "missing"),
        new ArgumentOutOfRangeException("name", "too large"),
        new ArithmeticException("m"),
        new DirectoryNotFoundException("m"),
        new DivideByZeroException("m"),
        new EndOfStreamException("m"),
        new FileNotFoundException("m", "/x"),
        new FileLoadException("m", "/x"),
        new FormatException("m"),
        new IndexOutOfRangeException("m"),
        new InvalidCastException("m"),
        new InvalidDataException("m"),
        new InvalidOperationException("m"),
        new IOException("m"),
        new KeyNotFoundException("m"),
        new NotImplementedException("m"),
        new NotSupportedException("m"),
        new NullReferenceException("m"),
        new ObjectDisposedException("thing"),
        new OperationCanceledException("m"),
        new TaskCanceledException("m"),
        new OverflowException("m"),
        new PathTooLongException("m"),
        new PlatformNotSupportedException("m"),
        new TimeoutException("m"),
        new UnauthorizedAccessException("m"),
        new ProtocolBrokenException("m"),
    ];
#pragma warning restore CA2201

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void A_common_exception_arrives_as_its_own_type_through_every_hop(Exception error)
    {
        Exception once = Pass(Thrown(error), Path);
        Exception thrice = Pass(Thrown(Pass(Thrown(once), "root")), "elsewhere");
        foreach (Exception arrived in new[] { once, thrice })
        {
            Assert.Equal(error.GetType(), arrived.GetType());
            Assert.Equal(error.Message, arrived.Message);
            RemoteCallException inside = Assert.IsType<RemoteCallException>(arrived.InnerException);
            Assert.Equal(error.GetType().FullName, inside.RemoteType);
            Assert.Equal(error.Message, inside.Message);
            Assert.Equal(Path, inside.ContextPath);
            Assert.Contains(nameof(Thrown), inside.RemoteStackTrace, StringComparison.Ordinal);
            Assert.Equal((error as ArgumentException)?.ParamName, (arrived as ArgumentException)?.ParamName);
            Assert.Equal((error as FileNotFoundException)?.FileName, (arrived as FileNotFoundException)?.FileName);
        }
    }

    [Fact]
    public void An_unknown_exception_arrives_as_a_remote_call_exception_with_all_it_said()
    {
        Exception arrived = Pass(Thrown(Pass(Thrown(new StrangeException("odd")), Path)), "root");

        RemoteCallException remote = Assert.IsType<RemoteCallException>(arrived);
        Assert.Equal(typeof(StrangeException).FullName, remote.RemoteType);
        Assert.Equal("odd", remote.Message);
        Assert.Equal(Path, remote.ContextPath);
        Assert.Contains(nameof(Thrown), remote.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_user_wraps_around_a_remote_exception_is_not_lost()
    {
        Exception file = Thrown(Pass(Thrown(new FileNotFoundException("no file", "/etc/x")), "root/a/b"));

        Exception arrived = Pass(Thrown(new InvalidOperationException("cannot start", file)), Path);

        Assert.IsType<InvalidOperationException>(arrived);
        Assert.Equal("cannot start", arrived.Message);
        Assert.Equal(Path, RemoteCallException.Of(arrived)!.ContextPath);
        Assert.Contains(nameof(Thrown), arrived.ToString(), StringComparison.Ordinal);
        FileNotFoundException inner = Assert.IsType<FileNotFoundException>(arrived.InnerException);
        Assert.Equal("/etc/x", inner.FileName);
        Assert.Equal("root/a/b", Assert.IsType<RemoteCallException>(inner.InnerException).ContextPath);
    }

    [Fact]
    public void A_user_that_wraps_a_remote_call_exception_itself_is_heard_too()
    {
        Exception remote = Pass(Thrown(new StrangeException("odd")), "root/a/b");

        Exception arrived = Pass(Thrown(new IOException("outer", remote)), Path);

        Assert.Equal("outer", Assert.IsType<IOException>(arrived).Message);
        RemoteCallException inner = Assert.IsType<RemoteCallException>(arrived.InnerException);
        Assert.Equal("odd", inner.Message);
        Assert.Equal("root/a/b", inner.ContextPath);
    }

    [Fact]
    public void Failures_to_start_and_losses_survive_every_hop()
    {
        BootstrapException start = new(BootstrapReason.NoRuntime, "web", "root/a", "No runtime.", ["line 1", "line 2"]);
        ContextLostException loss = new("root/a/web", new DisconnectReason(DisconnectKind.Exited, "It exited.", 137, ["bye"]));

        BootstrapException started = Assert.IsType<BootstrapException>(Pass(Pass(start, Path), "root"));
        ContextLostException lost = Assert.IsType<ContextLostException>(Pass(Pass(loss, Path), "root"));

        Assert.Equal((start.Reason, start.ContextName, start.Hop, start.Detail, start.Message), (started.Reason, started.ContextName, started.Hop, started.Detail, started.Message));
        Assert.Equal(start.LastLines, started.LastLines);
        Assert.Equal((loss.ContextName, loss.Message, loss.Reason.Kind, loss.Reason.ExitCode), (lost.ContextName, lost.Message, lost.Reason.Kind, lost.Reason.ExitCode));
        Assert.Equal(["bye"], lost.Reason.LastLines);
    }

    [Fact]
    public void Of_many_inner_exceptions_the_cause_comes_along_and_the_cut_is_said()
    {
        Exception deep = new FileNotFoundException("the cause", "/x");
        for (int i = 49; i > 0; i--)
        {
            deep = new IOException($"level {i}: {new string('x', 40_000)}", deep);
        }

        List<Exception> chain = [];
        for (Exception? e = Pass(Pass(deep, Path), "root"); e is not null and not RemoteCallException; e = e.InnerException)
        {
            chain.Add(e);
        }

        Assert.Equal(9, chain.Count);
        Assert.All(chain[..8].Index(), e => Assert.StartsWith($"level {e.Index + 1}:", e.Item.Message, StringComparison.Ordinal));
        Assert.EndsWith("(cut: 41 exceptions between this one and its cause did not come along)", chain[7].Message, StringComparison.Ordinal);
        Assert.Equal("the cause", Assert.IsType<FileNotFoundException>(chain[8]).Message);
    }

    [Fact]
    public void A_circle_of_exceptions_ends()
    {
        Exception inside = new IOException("and round");
        Exception circle = new IOException("round", inside);
        InnerOf(inside) = circle;

        Assert.NotNull(Pass(circle, Path));
    }

    [Fact]
    public void The_cause_of_an_aggregate_too_deep_inside_is_its_first()
    {
        Exception deep = new AggregateException("several", new IOException("1"), new IOException("2"));
        for (int i = 0; i < 8; i++)
        {
            deep = new IOException("m", deep);
        }

        Exception last = Pass(deep, Path);
        while (last.InnerException is { } inner and not RemoteCallException)
        {
            last = inner;
        }

        Assert.Equal("1", last.Message);
    }

    [Fact]
    public void However_much_an_exception_says_what_is_sent_is_bounded()
    {
        Exception huge = new StrangeException(new string('€', 1_000_000));
        for (int i = 0; i < 8; i++)
        {
            huge = new StrangeException(new string('€', 1_000_000), huge);
        }

        byte[] bytes = Encode(huge, Path);

        Assert.InRange(bytes.Length, 1, ErrorCodec.MaxSize);
        Assert.Contains("(cut: it has 1000000 characters)", Read(bytes).Message, StringComparison.Ordinal);
        BootstrapException chatty = new(BootstrapReason.ExitedEarly, "a", "b", "c", [.. Enumerable.Repeat(new string('x', 10_000), 500)]);
        Assert.InRange(Encode(chatty, Path).Length, 1, ErrorCodec.MaxSize);
    }

    [Fact]
    public void Reasons_of_many_losses_keep_to_the_bound()
    {
        DisconnectReason reason = new(DisconnectKind.Exited, new string('€', 2000), 1, [.. Enumerable.Repeat(new string('x', 2000), 20)]);
        AggregateException many = new("many", Enumerable.Repeat(new ContextLostException("a", reason), 60));

        byte[] bytes = Encode(many, Path);

        Assert.InRange(bytes.Length, 1, ErrorCodec.MaxSize);
        Assert.Equal(60, Assert.IsType<AggregateException>(Read(bytes)).InnerExceptions.Count);
    }

    [Fact]
    public void All_exceptions_of_an_aggregate_come_along_through_every_hop()
    {
        AggregateException error = new("several", new FileNotFoundException("m", "/x"), new StrangeException("odd"), new AggregateException(new IOException("inner")));

        AggregateException arrived = Assert.IsType<AggregateException>(Pass(Pass(Pass(Thrown(error), Path), "root"), "elsewhere"));

        Assert.Equal(error.Message, arrived.Message);
        Assert.Equal(Path, RemoteCallException.Of(arrived)!.ContextPath);
        Assert.IsType<FileNotFoundException>(arrived.InnerException);
        Assert.Equal(3, arrived.InnerExceptions.Count);
        Assert.Equal("/x", Assert.IsType<FileNotFoundException>(arrived.InnerExceptions[0]).FileName);
        Assert.Equal(typeof(StrangeException).FullName, Assert.IsType<RemoteCallException>(arrived.InnerExceptions[1]).RemoteType);
        Assert.Equal("inner", Assert.IsType<IOException>(Assert.Single(Assert.IsType<AggregateException>(arrived.InnerExceptions[2]).InnerExceptions)).Message);
    }

    [Fact]
    public void An_aggregate_of_more_exceptions_than_are_sent_says_so()
    {
        AggregateException many = new("many", Enumerable.Range(0, 1000).Select(i => new AggregateException(new IOException($"{i}"))));

        AggregateException arrived = Assert.IsType<AggregateException>(Pass(many, Path));

        Assert.Equal(63, arrived.InnerExceptions.Count);
        Assert.StartsWith("many (cut: 63 of 1000 exceptions came along)", arrived.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Simple_values_of_its_data_come_along_and_others_do_not()
    {
        object[] values =
        [
            "text", true, false, (sbyte)-1, (byte)1, (short)-2, (ushort)2, -3, 3u, -4L, 4UL, 0.5, 1.25m, DateTime.UnixEpoch, DateTime.Now,
            DateTimeOffset.Now, TimeSpan.FromTicks(7), Guid.NewGuid(),
        ];
        foreach (Exception error in new Exception[] { new FileNotFoundException("m", "/x"), new StrangeException("odd"), new BootstrapException(BootstrapReason.NoRuntime, "a", "b", "c") })
        {
            for (int i = 0; i < values.Length; i++)
            {
                error.Data[$"{i}"] = values[i];
            }

            error.Data[1] = "no text as key";
            error.Data["object"] = new Version(1, 0);
            error.Data["long"] = new string('x', 1025);

            Exception arrived = Pass(Pass(error, Path), "root");

            Assert.Equal(error.GetType() == typeof(StrangeException) ? typeof(RemoteCallException) : error.GetType(), arrived.GetType());
            Assert.Equal(values.Length, arrived.Data.Count);
            Assert.All(values.Index(), v => Assert.Equal(v.Item, arrived.Data[$"{v.Index}"]));
            Assert.Equal(values.OfType<DateTime>().Select(d => d.Kind), arrived.Data.Values.OfType<DateTime>().OrderBy(d => d.Kind).Select(d => d.Kind));
            if (RemoteCallException.Of(arrived) is { } inside)
            {
                Assert.Equal(values.Length, inside.Data.Count);
            }
        }
    }

    [Fact]
    public void Data_is_bounded_in_number_and_size()
    {
        AggregateException error = new("many", Enumerable.Range(0, 60).Select(_ => Filled(new IOException("m"))));

        byte[] bytes = Encode(Filled(error), Path);
        AggregateException arrived = Assert.IsType<AggregateException>(Read(bytes));

        Assert.InRange(bytes.Length, 1, 200_000);
        Assert.Empty(arrived.InnerExceptions[^1].Data);
        IOException numbers = new("m");
        for (int i = 0; i < 100; i++)
        {
            numbers.Data[$"{i}"] = i;
        }

        Assert.Equal(32, Pass(numbers, Path).Data.Count);

        static Exception Filled(Exception e)
        {
            for (int i = 0; i < 100; i++)
            {
                e.Data[$"{i}"] = new string('€', 1000);
            }

            return e;
        }
    }

    [Fact]
    public void An_exception_whose_own_properties_throw_is_told_of()
    {
        RemoteCallException arrived = Assert.IsType<RemoteCallException>(Pass(new HostileException(), Path));

        Assert.Equal(typeof(HostileException).FullName, arrived.RemoteType);
        Assert.Contains("cannot be told", arrived.Message, StringComparison.Ordinal);
        Assert.Equal(Path, arrived.ContextPath);
    }

    [Fact]
    public void Bytes_that_are_cut_anywhere_give_an_exception_and_nothing_else()
    {
        foreach (Exception error in new Exception[]
        {
            Thrown(new ArgumentException("bad", "name", new IOException("inner"))),
            new BootstrapException(BootstrapReason.NoRuntime, "web", "root/a", "No runtime.", ["line"]),
            new ContextLostException("web", new DisconnectReason(DisconnectKind.Exited, "It exited.", 1, ["bye"])),
        })
        {
            byte[] bytes = Encode(error, Path);
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.NotNull(Read(bytes[..length]));
            }
        }
    }

    [Fact]
    public void A_hostile_length_sets_no_memory_aside()
    {
        // A lost context called "", whose reason is said to have 2 GiB.
        byte[] bytes = [2, 0, 255, 255, 255, 127];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.IsType<RemoteCallException>(Read(bytes));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    private static byte[] Encode(Exception error, string path)
    {
        CallBuffer buffer = new();
        ErrorCodec.Write(buffer, error, path, ErrorAudience.Above);
        return buffer.WrittenSpan.ToArray();
    }

    private static Exception Read(byte[] bytes) => ErrorCodec.Read(bytes, ErrorSender.Trusted(Path));

    private static Exception Pass(Exception error, string path) => Read(Encode(error, path));

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

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception error);

    private sealed class StrangeException(string message, Exception? inner = null) : Exception(message, inner);

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }
}
