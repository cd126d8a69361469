namespace Mitogen.Multiplexing;

/// <summary>The amount that one holder has taken of an account: whatever it sets, and at the end nothing, is given back once.</summary>
/// <remarks>Not thread-safe: its owner guards it. A field of its holder, never copied.</remarks>
/// <param name="what">The resource that is held.</param>
internal struct Charge(Resource what)
{
    private Account? _account;
    private long _amount;

    /// <summary>How much is held.</summary>
    public readonly long Amount => _amount;

    /// <summary>Whether something is held of an account.</summary>
    public readonly bool IsHeld => _amount != 0 && _account is not null;

    /// <summary>Charges an account from now on, unless one is charged already.</summary>
    public void Use(Account? account) => _account ??= account;

    /// <summary>Begins to charge another account. Nothing is held then.</summary>
    /// <param name="account">Who is charged; <see langword="null"/>: nobody, and there is no bound.</param>
    public void Begin(Account? account)
    {
        Clear();
        _account = account;
    }

    /// <summary>Holds that much from now on.</summary>
    /// <returns>Whether there is room; otherwise what was held before is held still.</returns>
    public bool TrySet(long amount)
    {
        long more = amount - _amount;
        if (_account is { } account)
        {
            if (more > 0 && !account.TryTake(what, more))
            {
                return false;
            }

            if (more < 0)
            {
                account.Give(what, -more);
            }
        }

        _amount = amount;
        return true;
    }

    /// <summary>Holds nothing any more.</summary>
    public void Clear()
    {
        if (_amount != 0)
        {
            _ = TrySet(0);
        }
    }
}
