namespace Mitogen.Generators.Tests.Harness;

/// <summary>Tests that change the time zone of the process, so that no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimeZoneCollection
{
    public const string Name = "time zone";
}

/// <summary>Puts the process into a time zone until it is disposed.</summary>
internal sealed class LocalZone : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("TZ");

    public LocalZone(string id)
    {
        Set(id);
        Assert.Equal(id, TimeZoneInfo.Local.Id);
    }

    public void Dispose() => Set(_before);

    private static void Set(string? id)
    {
        Environment.SetEnvironmentVariable("TZ", id);
        TimeZoneInfo.ClearCachedData();
    }
}
