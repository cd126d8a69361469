using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Runtime.Tests.Samples;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Exceptions of the base library arrive as themselves, with what a handler looks at.</summary>
public sealed class KnownExceptionTests
{
    private const string Path = "root/a";

#pragma warning disable CA2201 // exceptions of the runtime's own are among them
    public static TheoryData<Exception> Detailed =>
    [
        new ArgumentOutOfRangeException("name", 5, "too large"),
        new ObjectDisposedException("thing"),
        new ObjectDisposedException("thing", "It is gone."),
        new Win32Exception(2, "no such file"),
        new SocketException((int)SocketError.ConnectionRefused, "refused by x"),
        new SocketException((int)SocketError.HostNotFound),
        new HttpRequestException(HttpRequestError.NameResolutionError, "no such host", null, HttpStatusCode.NotFound),
        new HttpRequestException("plain"),
        new HttpIOException(HttpRequestError.ResponseEnded, "it ended"),
        new JsonException("bad", "$.a", 3, 4),
        new JsonException("bad"),
        new XmlException("bad", null, 3, 4),
        new XmlException("bad"),
        new UriFormatException("bad"),
        new CryptographicException("bad"),
        new RegexMatchTimeoutException("input", "pattern", TimeSpan.FromSeconds(3)),
        new TypeInitializationException("Some.Type", null),
        new TargetInvocationException("failed", null),
        new OutOfMemoryException("much"),
        new BadImageFormatException("m", "/x"),
        new IOException("m", 17),
    ];
#pragma warning restore CA2201

    [Theory]
    [MemberData(nameof(Detailed), DisableDiscoveryEnumeration = true)]
    public void What_a_handler_looks_at_arrives_through_every_hop(Exception error)
    {
        Exception arrived = Pass(Pass(Pass(error)));

        Assert.Equal(error.GetType(), arrived.GetType());
        foreach (PropertyInfo property in error.GetType().GetProperties().Where(p =>
            p.Name is not (nameof(Exception.InnerException) or nameof(Exception.StackTrace) or nameof(Exception.TargetSite)
                or nameof(Exception.Data) or nameof(Exception.Source) or "FusionLog" or "AllowRetry")))
        {
            Assert.Equal((property.Name, property.GetValue(error)), (property.Name, property.GetValue(arrived)));
        }
    }

    [Fact]
    public void Inner_exceptions_are_what_they_are()
    {
        TaskCanceledException error = new("canceled", new TimeoutException("too long", new SocketException((int)SocketError.TimedOut)));

        TaskCanceledException arrived = Assert.IsType<TaskCanceledException>(Pass(Pass(error)));

        TimeoutException inner = Assert.IsType<TimeoutException>(arrived.InnerException);
        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(inner.InnerException).SocketErrorCode);
        Assert.Equal(Path, RemoteCallException.Of(arrived)!.ContextPath);
        Assert.Equal("System.TimeoutException", RemoteCallException.Of(inner)!.RemoteType);
        Assert.Null(RemoteCallException.Of(error));
    }

    [Fact]
    public void What_is_derived_from_a_known_type_is_caught_as_that()
    {
        IOException arrived = Assert.IsType<IOException>(Pass(Pass(new MyIoException("mine") { HResult = 77 })));

        Assert.Equal(("mine", 77), (arrived.Message, arrived.HResult));
        RemoteCallException origin = Assert.IsType<RemoteCallException>(arrived.InnerException);
        Assert.Equal(typeof(MyIoException).FullName, origin.RemoteType);
        Assert.Equal("name", Assert.IsType<ArgumentException>(Pass(new MyArgumentException("bad", "name"))).ParamName);
        Assert.Equal(typeof(MyAggregateException).FullName, RemoteCallException.Of(Assert.IsType<AggregateException>(Pass(new MyAggregateException())))!.RemoteType);
    }

    [Fact]
    public void An_instant_in_local_time_is_the_same_instant_on_another_clock()
    {
        DateTime local = new(2026, 7, 1, 12, 0, 0, DateTimeKind.Local);
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        int left = 100;

        ErrorValues.Write(writer, [new("when", local)], 10, ref left);

        // A count, the key, the kind, the clock's kind, and then the instant.
        byte[] ticks = bytes.ToArray()[(1 + 5 + 1 + 1)..];
        Assert.Equal(local.ToUniversalTime().Ticks, BitConverter.ToInt64(ticks));
        Assert.Equal(local, Pass(new IOException("m") { Data = { ["when"] = local } }).Data["when"]);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() =>
        Assert.Equal("a\uFFFDb", Pass(new InvalidOperationException("a\uD800b")).Message);

    [Fact]
    public void All_are_on_the_page_about_errors()
    {
        string page = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs", "errors.md"));

        Assert.All(KnownExceptions.Names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static Exception Pass(Exception error)
    {
        CallBuffer buffer = new();
        ErrorCodec.Write(buffer, error, Path, ErrorAudience.Above);
        return ErrorCodec.Read(buffer.WrittenSpan, ErrorSender.Trusted(Path));
    }

    private sealed class MyIoException(string message) : IOException(message);

    private sealed class MyArgumentException(string message, string parameter) : ArgumentException(message, parameter);

    private sealed class MyAggregateException() : AggregateException("mine", new IOException("inner"));
}
