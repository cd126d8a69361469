using System.Reflection;

namespace Mitogen.HostileKit;

/// <summary>A tree with a hostile context in it: beside a sibling, below the root or below a context in the middle.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly string s_child = typeof(Scene).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "HostileChild").Value!;

    private readonly string _folder = Directory.CreateTempSubdirectory("hostile-").FullName;
    private readonly List<string> _faults = [];

    private Scene(Case @case, string place)
    {
        Case = @case;
        Place = place;
        Records = new Records(@case.LogTime);
        Spans = @case.IsTraced ? new SpanWatch() : null;
        Root = MitogenRoot.Create(Bounds.Options with { LoggerFactory = Records });
    }

    public Case Case { get; }

    public string Place { get; }

    public Records Records { get; }

    /// <summary>The spans that are exported; <see langword="null"/> where none are.</summary>
    public SpanWatch? Spans { get; }

    public MitogenRoot Root { get; }

    /// <summary>The hostile context's parent, if that is not the root.</summary>
    public IRemoteContext? Middle { get; private set; }

    public IRemoteContext Sibling { get; private set; } = null!;

    public IRemoteContext? Evil { get; private set; }

#pragma warning disable MITO064 // the hostile child serves it by hand
    public IHostile Hostile => Evil!.Get<IHostile>();
#pragma warning restore MITO064

    public Grant Grant { get; } = new();

    /// <summary>More than any context may keep.</summary>
    public Zeros Bytes { get; } = new(1L << 30);

    /// <summary>Why the hostile context did not come up, if it did not.</summary>
    public BootstrapException? NotStarted { get; private set; }

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    public IRemoteContext Parent => Middle ?? Root;

    public string PathOf(string name) => Middle is null ? $"root/{name}" : $"root/middle/{name}";

    public void Fault(string what)
    {
        lock (_faults)
        {
            _faults.Add(what);
        }
    }

    public static async Task<Scene> StartAsync(Case @case, string place)
    {
        Scene scene = new(@case, place);
        if (place == CaseNames.Below)
        {
            scene.Middle = await scene.Root.ConnectAsync(new LocalConnection { Name = "middle" });
        }

        scene.Sibling = await scene.Parent.ConnectAsync(new LocalConnection { Name = "sibling" });
        return scene;
    }

    /// <summary>Starts the hostile context, as a local one whose <c>dotnet</c> is another program.</summary>
    public async Task StartEvilAsync()
    {
        string script = Path.Combine(_folder, "dotnet");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec {s_child} {Case.Attack} {Sibling.Id} \"$@\"\n");
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        try
        {
            Evil = await Parent.ConnectAsync(new LocalConnection { Name = "evil", DotNetPath = script, Isolated = Case.IsIsolated });
        }
        catch (BootstrapException e)
        {
            NotStarted = e;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Root.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Records.Dispose();
        Spans?.Dispose();
    }
}
