using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>
/// Contexts that break the protocol. The link of a neighbour that does is closed. One further down is banned: it is gone for this context,
/// and the contexts on the way there are told to expel it, so that none of them is closed for what one behind it did.
/// </content>
internal sealed partial class Kernel
{
    private const int PatienceMilliseconds = 10_000;
    private const int MaxExpelText = 1000;

    // Those to be dealt with when the frame at hand is done: its handler may be in the middle of something.
    private readonly List<(KnownContext Context, string Why)> _accused = [];

    // Who is to be gone by when, by its id.
    private readonly Dictionary<uint, Expulsion> _expelled = [];
    private bool _receiving;

    /// <summary>
    /// A context below this one broke the protocol. It loses what it has here, and its link or its way here is closed: after this call
    /// returned, and not by an exception.
    /// </summary>
    /// <param name="source">The context; one that is not below this one, or gone already, is left alone.</param>
    /// <param name="why">One sentence about what it did, which names the bound and its option.</param>
    public void Offend(uint source, string why)
    {
        if (_known.TryGetValue(source, out KnownContext? context) && context.IsBelow)
        {
            Accuse(context, why);
        }
    }

    /// <summary>
    /// A bound was reached at which nothing can be refused: whoever holds the most of those who share it has broken the protocol, which
    /// need not be the one whose charge came last.
    /// </summary>
    /// <param name="account">The account that has no room.</param>
    /// <param name="what">The resource.</param>
    /// <param name="amount">How much could not be charged.</param>
    /// <param name="why">As for <see cref="Offend"/>.</param>
    public void Exceed(Account account, Resource what, long amount, string why)
    {
        if (_known.TryGetValue(account.Owner, out KnownContext? context) && context.Account == account)
        {
            Accuse(Heaviest(context, what, amount), why);
        }
    }

    /// <summary>Does what is due at the time for which the kernel asked.</summary>
    public void OnAlarm()
    {
        Settle();
        long now = _host.Now;
        foreach (Expulsion due in _expelled.Values.Where(e => e.Due <= now).ToArray())
        {
            _ = _expelled.Remove(due.Id);
            due.Link.Cut($"It did not end context {due.Id}, which it was told to. {due.Why}");
        }

        if (_expelled.Count > 0)
        {
            _host.SetAlarm(_expelled.Values.Min(e => e.Due));
        }
    }

    private void Accuse(KnownContext context, string why)
    {
        if (!context.IsAccused)
        {
            context.IsAccused = true;
            _accused.Add((context, why));
            if (!_receiving)
            {
                _host.SetAlarm(_host.Now);
            }
        }
    }

    private void Settle()
    {
        while (_accused.Count > 0)
        {
            (KnownContext context, string why) = _accused[^1];
            _accused.RemoveAt(_accused.Count - 1);
            if (context.IsGone)
            {
                continue;
            }

            if (context == context.Link!.Neighbour)
            {
                context.Link.Cut(why);
            }
            else
            {
                Ban(context, why);
            }
        }
    }

    /// <summary>Loses a context with all below it, and has those on the way expel it.</summary>
    private void Ban(KnownContext context, string why)
    {
        Link link = context.Link!;
        DisconnectReason reason = new(DisconnectKind.ProtocolBroken, why);
        DisconnectReason below = new(DisconnectKind.AncestorLost, $"A context on the way to it, number {context.Id}, broke the protocol: {why}");
        List<KnownContext> branch = context.Branch();
        foreach (KnownContext lost in branch)
        {
            _ = link.Banned.Add(lost.Id);
            Gone(lost, lost == context ? reason : below);
        }

        // The frames that it sent in vain do not count against those on the way any more; the lowest first, whose frames count for all
        // above.
        foreach (KnownContext lost in branch.AsEnumerable().Reverse())
        {
            lost.Account!.Give(Resource.Dropped, lost.Account.Held(Resource.Dropped));
        }

        Expel(link, context.Id, PatienceMilliseconds, why);
    }

    private void Expel(Link link, uint id, int patience, string why)
    {
        byte[] text = WireText.Write(why, MaxExpelText);
        byte[] body = new byte[8 + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(body, id);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), patience / 2);
        text.CopyTo(body, 8);
        SendControl(link, FrameKind.Expel, body);
        long due = _host.Now + patience;
        _expelled[id] = new Expulsion(link, id, due, why);
        _host.SetAlarm(due);
    }

    private void OnExpel(Link link, ReadOnlySpan<byte> body)
    {
        if (body.Length < 8 || link.Role != LinkRole.Parent)
        {
            throw new ProtocolBrokenException("An Expel frame is malformed, or comes from a child.");
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(body);
        int patience = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(body[4..]), PatienceMilliseconds);
        string why = WireText.Read(body[8..], MaxExpelText);
        if (!_known.TryGetValue(id, out KnownContext? context) || !context.IsBelow)
        {
            return; // it is gone: word of that is under way
        }

        if (context == context.Link!.Neighbour)
        {
            context.Link.Cut(why);
        }
        else
        {
            Expel(context.Link, id, patience, why);
        }
    }

    /// <summary>Who holds the most of a resource among those who share the account that is full.</summary>
    private static KnownContext Heaviest(KnownContext source, Resource what, long amount)
    {
        KnownContext full = source;
        while (full.Above is { } above && full.Account!.Held(what) + amount <= full.Account.BoundOf(what))
        {
            full = above;
        }

        // Down to where the most of it is. A branch that has spread it over many contexts is the one that is to blame.
        KnownContext at = full;
        while (at.Below.Where(c => !c.IsGone).MaxBy(c => c.Account!.Held(what)) is { } branch)
        {
            long held = at.Account!.Held(what);
            long own = held - at.Below.Sum(c => c.Account!.Held(what));
            long most = branch.Account!.Held(what);
            if (most <= own || (at.Above is not null && most < held / 2))
            {
                break;
            }

            at = branch;
        }

        return at.IsGone ? source : at;
    }

    /// <summary>A context that is to be gone by a time.</summary>
    private sealed record Expulsion(Link Link, uint Id, long Due, string Why);
}
