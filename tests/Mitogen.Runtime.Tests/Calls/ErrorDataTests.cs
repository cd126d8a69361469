using Mitogen.Calls;
using Mitogen.CompilerServices;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>The data of an exception between two time zones. The process changes its own, so that no other test runs beside.</summary>
[CollectionDefinition(nameof(ErrorDataTests), DisableParallelization = true)]
[Collection(nameof(ErrorDataTests))]
public sealed class ErrorDataTests : IDisposable
{
    private readonly string? _zone = Environment.GetEnvironmentVariable("TZ");

    public void Dispose() => Enter(_zone);

    [Fact]
    public void A_local_date_is_the_same_instant()
    {
        DateTime utc = new(2024, 2, 29, 3, 4, 5, DateTimeKind.Utc);
        InvalidOperationException error = new("failed");
        Enter("Asia/Tokyo");
        error.Data["local"] = utc.ToLocalTime();
        error.Data["utc"] = utc;
        error.Data["neither"] = new DateTime(2024, 2, 29, 3, 4, 5);
        CallBuffer buffer = new();
        ErrorCodec.Write(buffer, error, "root/east", ErrorAudience.Above);

        Enter("America/New_York");
        Exception arrived = ErrorCodec.Read(buffer.WrittenSpan, ErrorSender.Trusted("root/east"));

        DateTime local = Assert.IsType<DateTime>(arrived.Data["local"]);
        Assert.Equal((DateTimeKind.Local, utc), (local.Kind, local.ToUniversalTime()));
        Assert.Equal(utc.AddHours(-5).Ticks, local.Ticks);
        Assert.Equal(utc, arrived.Data["utc"]);
        Assert.Equal(new DateTime(2024, 2, 29, 3, 4, 5), arrived.Data["neither"]);
    }

    private static void Enter(string? zone)
    {
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
    }
}
