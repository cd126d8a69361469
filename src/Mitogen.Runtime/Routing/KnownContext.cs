using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>A context that this one may exchange streams with: itself, one above it, or one below it.</summary>
/// <remarks>Not thread-safe: its owner guards it.</remarks>
internal sealed class KnownContext(uint id, KnownContext? above, Link? link, Account? account, KernelOptions options)
{
    private HashSet<KnownContext>? _below;
    private Dictionary<FlowKey, ForwardFlow>? _flows;

    public uint Id { get; } = id;

    /// <summary>The link by which it is reached, and by which its frames come.</summary>
    public Link? Link { get; set; } = link;

    /// <summary>The context that started it, if that is below this one too.</summary>
    public KnownContext? Above { get; } = above;

    /// <summary>Its account; <see langword="null"/> unless it is below this context.</summary>
    public Account? Account { get; } = account;

    /// <summary>How many contexts are between this one and it.</summary>
    public int Depth { get; } = above is null ? 0 : above.Depth + 1;

    public bool IsBelow => Account is not null;

    /// <summary>It is gone, and stays in the tree as long as one is that it started.</summary>
    public bool IsGone { get; private set; }

    /// <summary>It broke the protocol, and is dealt with when the frame at hand is done.</summary>
    public bool IsAccused { get; set; }

    public PeerStreams Streams { get; } = new(id, account, options);

    /// <summary>The frames that wait to be passed on from or to it.</summary>
    public Dictionary<FlowKey, ForwardFlow> Flows => _flows ??= [];

    public int FlowCount => _flows?.Count ?? 0;

    /// <summary>The contexts that it started.</summary>
    public IReadOnlyCollection<KnownContext> Below => (IReadOnlyCollection<KnownContext>?)_below ?? [];

    /// <summary>It started a context.</summary>
    public void Add(KnownContext started) => (_below ??= []).Add(started);

    /// <summary>It is gone: it leaves the tree when nothing is below it any more.</summary>
    public void Leave()
    {
        IsGone = true;
        for (KnownContext? at = this; at is { IsGone: true, Above: { } above } && at.Below.Count == 0; at = above)
        {
            _ = above._below!.Remove(at);
        }
    }

    /// <summary>Itself and all below it that are not gone, those above first.</summary>
    public List<KnownContext> Branch()
    {
        List<KnownContext> branch = [this];
        for (int i = 0; i < branch.Count; i++)
        {
            branch.AddRange(branch[i].Below);
        }

        _ = branch.RemoveAll(c => c.IsGone);
        return branch;
    }
}
