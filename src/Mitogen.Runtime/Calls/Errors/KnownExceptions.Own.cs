using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Mitogen.Calls;

/// <content>Those of the library that every program has.</content>
internal static partial class KnownExceptions
{
#pragma warning disable CA2201 // the runtime's own exceptions stand for themselves
    private static Dictionary<string, KnownException> Own => new(StringComparer.Ordinal)
    {
        [typeof(AggregateException).FullName!] = new((m, inner, _) => WithInner(new AggregateException(m), inner)),
        [typeof(ArgumentException).FullName!] = new(
            (m, inner, d) => new ArgumentException(Bare(m, ParameterNote(d)), d.Text(nameof(ArgumentException.ParamName)), inner), DescribeArgument),
        [typeof(ArgumentNullException).FullName!] = new(
            (m, inner, d) => WithInner(new ArgumentNullException(d.Text(nameof(ArgumentException.ParamName)), Bare(m, ParameterNote(d))), inner), DescribeArgument),
        [typeof(ArgumentOutOfRangeException).FullName!] = new(CreateOutOfRange, DescribeOutOfRange),
        [typeof(ArithmeticException).FullName!] = new((m, inner, _) => new ArithmeticException(m, inner)),
        [typeof(ArrayTypeMismatchException).FullName!] = new((m, inner, _) => new ArrayTypeMismatchException(m, inner)),
        [typeof(CultureNotFoundException).FullName!] = new((m, inner, _) => new CultureNotFoundException(m, inner)),
        [typeof(DivideByZeroException).FullName!] = new((m, inner, _) => new DivideByZeroException(m, inner)),
        [typeof(FormatException).FullName!] = new((m, inner, _) => new FormatException(m, inner)),
        [typeof(IndexOutOfRangeException).FullName!] = new((m, inner, _) => new IndexOutOfRangeException(m, inner)),
        [typeof(InsufficientExecutionStackException).FullName!] = new((m, inner, _) => new InsufficientExecutionStackException(m, inner)),
        [typeof(InvalidCastException).FullName!] = new((m, inner, _) => new InvalidCastException(m, inner)),
        [typeof(InvalidOperationException).FullName!] = new((m, inner, _) => new InvalidOperationException(m, inner)),
        [typeof(KeyNotFoundException).FullName!] = new((m, inner, _) => new KeyNotFoundException(m, inner)),
        [typeof(MissingMemberException).FullName!] = new((m, inner, _) => new MissingMemberException(m, inner)),
        [typeof(MissingFieldException).FullName!] = new((m, inner, _) => new MissingFieldException(m, inner)),
        [typeof(MissingMethodException).FullName!] = new((m, inner, _) => new MissingMethodException(m, inner)),
        [typeof(NotImplementedException).FullName!] = new((m, inner, _) => new NotImplementedException(m, inner)),
        [typeof(NotSupportedException).FullName!] = new((m, inner, _) => new NotSupportedException(m, inner)),
        [typeof(NullReferenceException).FullName!] = new((m, inner, _) => new NullReferenceException(m, inner)),
        [typeof(ObjectDisposedException).FullName!] = new(CreateDisposed, DescribeDisposed),
        [typeof(OperationCanceledException).FullName!] = new((m, inner, _) => new OperationCanceledException(m, inner)),
        [typeof(TaskCanceledException).FullName!] = new((m, inner, _) => new TaskCanceledException(m, inner)),
        [typeof(OutOfMemoryException).FullName!] = new((m, inner, _) => new OutOfMemoryException(m, inner)),
        [typeof(OverflowException).FullName!] = new((m, inner, _) => new OverflowException(m, inner)),
        [typeof(PlatformNotSupportedException).FullName!] = new((m, inner, _) => new PlatformNotSupportedException(m, inner)),
        [typeof(RankException).FullName!] = new((m, inner, _) => new RankException(m, inner)),
        [typeof(SemaphoreFullException).FullName!] = new((m, inner, _) => new SemaphoreFullException(m, inner)),
        [typeof(SynchronizationLockException).FullName!] = new((m, inner, _) => new SynchronizationLockException(m, inner)),
        [typeof(TargetInvocationException).FullName!] = new((m, inner, _) => new TargetInvocationException(m, inner)),
        [typeof(TimeoutException).FullName!] = new((m, inner, _) => new TimeoutException(m, inner)),
        [typeof(TypeInitializationException).FullName!] = new(
            (m, inner, d) => WithMessage(new TypeInitializationException(d.Text(nameof(TypeInitializationException.TypeName)), inner), m),
            (e, d) => d[nameof(TypeInitializationException.TypeName)] = (e as TypeInitializationException)?.TypeName),
        [typeof(TypeLoadException).FullName!] = new((m, inner, _) => new TypeLoadException(m, inner)),
        [typeof(DllNotFoundException).FullName!] = new((m, inner, _) => new DllNotFoundException(m, inner)),
        [typeof(EntryPointNotFoundException).FullName!] = new((m, inner, _) => new EntryPointNotFoundException(m, inner)),
        [typeof(UnauthorizedAccessException).FullName!] = new((m, inner, _) => new UnauthorizedAccessException(m, inner)),
        [typeof(ProtocolBrokenException).FullName!] = new((m, inner, _) => new ProtocolBrokenException(m, inner)),
    };
#pragma warning restore CA2201

    private static void DescribeArgument(Exception error, ErrorDetails details) =>
        details[nameof(ArgumentException.ParamName)] = (error as ArgumentException)?.ParamName;

    private static void DescribeOutOfRange(Exception error, ErrorDetails details)
    {
        DescribeArgument(error, details);
        details[nameof(ArgumentOutOfRangeException.ActualValue)] = (error as ArgumentOutOfRangeException)?.ActualValue;
    }

    private static ArgumentOutOfRangeException CreateOutOfRange(string message, Exception inner, ErrorDetails details)
    {
        object? actual = details[nameof(ArgumentOutOfRangeException.ActualValue)];
        string bare = actual is null ? message : Bare(message, $"{Environment.NewLine}Actual value was {actual}.");
        if (bare.Length == message.Length)
        {
            actual = null; // its message would say it twice
        }

        return WithInner(
            new ArgumentOutOfRangeException(details.Text(nameof(ArgumentException.ParamName)), actual, Bare(bare, ParameterNote(details))), inner);
    }

    private static void DescribeDisposed(Exception error, ErrorDetails details) =>
        details[nameof(ObjectDisposedException.ObjectName)] = (error as ObjectDisposedException)?.ObjectName;

    private static ObjectDisposedException CreateDisposed(string message, Exception inner, ErrorDetails details)
    {
        string? name = details.Text(nameof(ObjectDisposedException.ObjectName));
        string bare = Bare(message, $"{Environment.NewLine}Object name: '{name}'.");
        return bare.Length == message.Length
            ? new ObjectDisposedException(message, inner)
            : WithInner(new ObjectDisposedException(name, bare), inner);
    }

    private static string ParameterNote(ErrorDetails details) => $" (Parameter '{details.Text(nameof(ArgumentException.ParamName))}')";

    /// <summary>The message without what the type's own Message adds to it again.</summary>
    private static string Bare(string message, string added) =>
        message.EndsWith(added, StringComparison.Ordinal) ? message[..^added.Length] : message;

    // These have no constructor that takes all of their parts. A class derived from them would not be that type to a test that compares types.
    private static T WithInner<T>(T error, Exception inner)
        where T : Exception
    {
        InnerOf(error) = inner;
        return error;
    }

    private static T WithMessage<T>(T error, string message)
        where T : Exception
    {
        MessageOf(error) = message;
        return error;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception error);
}
