namespace Mitogen.Toolkit;

/// <summary>An instant as a file system keeps it: whole, to the nanosecond.</summary>
/// <param name="Seconds">Seconds since 1970 began in UTC; negative before.</param>
/// <param name="Nanoseconds">Nanoseconds after that, 0 to 999,999,999.</param>
public readonly record struct FileTime(long Seconds, int Nanoseconds) : IComparable<FileTime>
{
    private static readonly long s_earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The present instant of this machine's clock.</summary>
    public static FileTime Now => FromDateTimeOffset(DateTimeOffset.UtcNow);

    /// <summary>The instant as a file system keeps it.</summary>
    /// <param name="time">The instant.</param>
    /// <returns>It.</returns>
    public static FileTime FromDateTimeOffset(DateTimeOffset time)
    {
        long seconds = time.ToUnixTimeSeconds();
        return new FileTime(seconds, (int)((time.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcTicks) * 100));
    }

    /// <summary>The instant in UTC, without what is finer than 100 nanoseconds. One beyond .NET's range is the last one within.</summary>
    /// <returns>It.</returns>
    public DateTimeOffset ToDateTimeOffset() => Seconds < s_earliest ? DateTimeOffset.MinValue
        : Seconds > s_latest ? DateTimeOffset.MaxValue
        : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Math.Clamp(Nanoseconds, 0, 999_999_999) / 100);

    /// <summary>Compares by time: the earlier one comes first.</summary>
    public int CompareTo(FileTime other) => (Seconds, Nanoseconds).CompareTo((other.Seconds, other.Nanoseconds));

    /// <inheritdoc/>
    public override string ToString() => ToDateTimeOffset().ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether it is earlier.</summary>
    public static bool operator <(FileTime left, FileTime right) => left.CompareTo(right) < 0;

    /// <summary>Whether it is later.</summary>
    public static bool operator >(FileTime left, FileTime right) => left.CompareTo(right) > 0;

    /// <summary>Whether it is not later.</summary>
    public static bool operator <=(FileTime left, FileTime right) => left.CompareTo(right) <= 0;

    /// <summary>Whether it is not earlier.</summary>
    public static bool operator >=(FileTime left, FileTime right) => left.CompareTo(right) >= 0;

    /// <summary>As <see cref="FromDateTimeOffset"/>.</summary>
    /// <param name="time">The instant.</param>
    public static implicit operator FileTime(DateTimeOffset time) => FromDateTimeOffset(time);
}
