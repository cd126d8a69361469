using Mitogen.Connections;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>A connection whose own code is as wrong as a test wants; else it is a <see cref="BehindConnection"/>.</summary>
internal sealed record FaultyConnection : CarriedConnection
{
    public Func<Func<Task<Carrier>>, CancellationToken, Task<Carrier>> Opens { get; init; } = static (open, _) => open();

    public Func<LaunchEnd, LaunchProblem?> Explains { get; init; } = static _ => null;

    /// <summary>Changes the way that was opened.</summary>
    public Action<FaultyCarrier> With { get; init; } = static _ => { };

    private static Task<Carrier> OpenWellAsync(string command, Stream errors, CancellationToken cancellationToken) =>
        new BehindConnection("env").OpenWayAsync(command, errors, cancellationToken);

    protected override Task<Carrier> OpenAsync(string command, Stream errors, CancellationToken cancellationToken) => Opens(
        async () =>
        {
            FaultyCarrier faulty = new(await OpenWellAsync(command, errors, cancellationToken));
            With(faulty);
            return faulty;
        },
        cancellationToken);

    protected override LaunchProblem? Explain(LaunchEnd end) => Explains(end);
}

/// <summary>Takes a buffer and what reads well.</summary>
internal delegate int FaultyRead(Span<byte> buffer, Carrier well);

/// <summary>A carrier whose members do what a test wants, before or in the place of what they should.</summary>
internal sealed class FaultyCarrier(Carrier well) : Carrier
{
    public FaultyRead Reads { get; set; } = static (buffer, well) => well.Read(buffer);

    public Action Writes { get; set; } = static () => { };

    public Action Closes { get; set; } = static () => { };

    public Action Aborts { get; set; } = static () => { };

    public Func<Task> Disposes { get; set; } = static () => Task.CompletedTask;

    public Func<Task<int>?>? Exits { get; set; }

    public int DisposeCount { get; private set; }

    public override Task<int>? ExitStatus => Exits is null ? well.ExitStatus : Exits();

    public override int Read(Span<byte> buffer) => Reads(buffer, well);

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        Writes();
        well.Write(bytes);
    }

    public override void CloseWriting()
    {
        Closes();
        well.CloseWriting();
    }

    public override void Abort()
    {
        Aborts();
        well.Abort();
    }

    public override async ValueTask DisposeAsync()
    {
        DisposeCount++;
        await well.DisposeAsync();
        await Disposes();
    }
}
