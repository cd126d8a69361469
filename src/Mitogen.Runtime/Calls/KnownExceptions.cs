using System.Runtime.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// The base library's exceptions that arrive as themselves, with the <see cref="RemoteCallException"/> inside. The table is
/// compiled in: no type is ever created from a name on the wire.
/// </summary>
internal static class KnownExceptions
{
#pragma warning disable CA2201 // the runtime's own exceptions stand for themselves
    private static readonly Dictionary<string, Func<RemoteCallException, string, Exception>> s_factories =
        new(StringComparer.Ordinal)
        {
            [typeof(AggregateException).FullName!] = (e, _) => Aggregate(e),
            [typeof(ArgumentException).FullName!] = (e, detail) => new ArgumentException(Bare(e, detail), OrNull(detail), e),
            [typeof(ArgumentNullException).FullName!] = (e, detail) => Named(new ArgumentNullException(Bare(e, detail), e), detail),
            [typeof(ArgumentOutOfRangeException).FullName!] = (e, detail) => Named(new ArgumentOutOfRangeException(Bare(e, detail), e), detail),
            [typeof(ArithmeticException).FullName!] = (e, _) => new ArithmeticException(e.Message, e),
            [typeof(DirectoryNotFoundException).FullName!] = (e, _) => new DirectoryNotFoundException(e.Message, e),
            [typeof(BadImageFormatException).FullName!] = (e, detail) => new BadImageFormatException(e.Message, OrNull(detail), e),
            [typeof(DivideByZeroException).FullName!] = (e, _) => new DivideByZeroException(e.Message, e),
            [typeof(EndOfStreamException).FullName!] = (e, _) => new EndOfStreamException(e.Message, e),
            [typeof(FileLoadException).FullName!] = (e, detail) => new FileLoadException(e.Message, OrNull(detail), e),
            [typeof(FileNotFoundException).FullName!] = (e, detail) => new FileNotFoundException(e.Message, OrNull(detail), e),
            [typeof(FormatException).FullName!] = (e, _) => new FormatException(e.Message, e),
            [typeof(IndexOutOfRangeException).FullName!] = (e, _) => new IndexOutOfRangeException(e.Message, e),
            [typeof(InvalidCastException).FullName!] = (e, _) => new InvalidCastException(e.Message, e),
            [typeof(InvalidDataException).FullName!] = (e, _) => new InvalidDataException(e.Message, e),
            [typeof(InvalidOperationException).FullName!] = (e, _) => new InvalidOperationException(e.Message, e),
            [typeof(IOException).FullName!] = (e, _) => new IOException(e.Message, e),
            [typeof(KeyNotFoundException).FullName!] = (e, _) => new KeyNotFoundException(e.Message, e),
            [typeof(NotImplementedException).FullName!] = (e, _) => new NotImplementedException(e.Message, e),
            [typeof(NotSupportedException).FullName!] = (e, _) => new NotSupportedException(e.Message, e),
            [typeof(NullReferenceException).FullName!] = (e, _) => new NullReferenceException(e.Message, e),
            [typeof(ObjectDisposedException).FullName!] = (e, _) => new ObjectDisposedException(e.Message, e),
            [typeof(OperationCanceledException).FullName!] = (e, _) => new OperationCanceledException(e.Message, e),
            [typeof(TaskCanceledException).FullName!] = (e, _) => new TaskCanceledException(e.Message, e),
            [typeof(OverflowException).FullName!] = (e, _) => new OverflowException(e.Message, e),
            [typeof(PathTooLongException).FullName!] = (e, _) => new PathTooLongException(e.Message, e),
            [typeof(PlatformNotSupportedException).FullName!] = (e, _) => new PlatformNotSupportedException(e.Message, e),
            [typeof(TimeoutException).FullName!] = (e, _) => new TimeoutException(e.Message, e),
            [typeof(UnauthorizedAccessException).FullName!] = (e, _) => new UnauthorizedAccessException(e.Message, e),
            [typeof(ProtocolViolationException).FullName!] = (e, _) => new ProtocolViolationException(e.Message, e),
        };
#pragma warning restore CA2201

    /// <summary>The one property beside the message that a handler may look at: a parameter's or a file's name.</summary>
    public static string? GetDetail(Exception error) => error switch
    {
        ArgumentException e => e.ParamName,
        FileNotFoundException e => e.FileName,
        FileLoadException e => e.FileName,
        BadImageFormatException e => e.FileName,
        _ => null,
    };

    /// <summary>What an exception says, for its origin: an aggregate's own text without those of the exceptions in it.</summary>
    public static string GetMessage(Exception error) => error is AggregateException aggregate ? OwnMessage(aggregate) ?? "" : error.Message;

    public static Exception Create(RemoteCallException error, string detail)
    {
        if (!s_factories.TryGetValue(error.RemoteType, out Func<RemoteCallException, string, Exception>? create))
        {
            return error;
        }

        Exception known = create(error, detail);
        error.StandIn = known;
        return known;
    }

    private static string? OrNull(string detail) => detail.Length > 0 ? detail : null;

    /// <summary>The message without what ArgumentException.Message itself adds to it.</summary>
    private static string Bare(RemoteCallException error, string parameter) =>
        parameter.Length > 0 ? error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : error.Message;

    // Only what is inside tells where it was thrown; the exceptions of an aggregate stand beside that.
    private static AggregateException Aggregate(RemoteCallException error)
    {
        AggregateException aggregate = new(error.Message, error.Inner ?? []);
        InnerException(aggregate) = error;
        return aggregate;
    }

    private static ArgumentException Named(ArgumentException error, string parameter)
    {
        ParamName(error) = OrNull(parameter);
        return error;
    }

    // These two types have no constructor that takes both a parameter's name and an inner exception. A class derived from them
    // would not be that type to a test that compares types.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerException(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? OwnMessage(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_paramName")]
    private static extern ref string? ParamName(ArgumentException error);
}
