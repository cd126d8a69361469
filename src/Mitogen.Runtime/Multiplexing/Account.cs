namespace Mitogen.Multiplexing;

/// <summary>
/// The things that one context below this one, and all that is below it in turn, holds here. A charge counts on the context's account and
/// on those of all between it and this context, whose link's account is the topmost: none may hold more than its bound. An account has a
/// share of the bound of the one above it, so that one branch never takes all.
/// </summary>
/// <remarks>Not thread-safe: its owner guards it.</remarks>
internal sealed class Account
{
    private static readonly int s_resources = Enum.GetValues<Resource>().Length;

    private readonly long[] _held = new long[s_resources];
    private readonly KernelOptions _options;
    private readonly int _depth;

    /// <param name="owner">The context that is charged.</param>
    /// <param name="above">The account of the context that started it; <see langword="null"/> for a child of this context.</param>
    /// <param name="options">The bounds.</param>
    public Account(uint owner, Account? above, KernelOptions options)
    {
        Owner = owner;
        Above = above;
        _options = options;
        _depth = above is null ? 0 : above._depth + 1;
    }

    /// <summary>The context that is charged.</summary>
    public uint Owner { get; }

    /// <summary>The account that is charged too; <see langword="null"/> at the account of a link.</summary>
    public Account? Above { get; }

    /// <summary>How much the context and those below it hold.</summary>
    public long Held(Resource what) => _held[(int)what];

    /// <summary>The most that they may hold.</summary>
    public long BoundOf(Resource what) => _options.BoundOf(what, _depth);

    /// <summary>Charges an amount, unless a bound is reached; then nothing is charged.</summary>
    public bool TryTake(Resource what, long amount)
    {
        for (Account? account = this; account is not null; account = account.Above)
        {
            if (account._held[(int)what] + amount > account.BoundOf(what))
            {
                return false;
            }
        }

        for (Account? account = this; account is not null; account = account.Above)
        {
            account._held[(int)what] += amount;
        }

        return true;
    }

    /// <summary>Gives back what was charged. That may come after the end of the context.</summary>
    public void Give(Resource what, long amount)
    {
        for (Account? account = this; account is not null; account = account.Above)
        {
            account._held[(int)what] -= amount;
        }
    }
}
