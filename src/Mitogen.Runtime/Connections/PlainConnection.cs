namespace Mitogen;

/// <summary>
/// A connection that any context of the program can start: it crosses contexts as plain data, and is compared by value. The kinds are
/// those of this library. A way of your own to a shell is a <see cref="CarriedConnection"/>.
/// </summary>
public abstract record PlainConnection : Connection
{
    private protected PlainConnection()
    {
    }
}
