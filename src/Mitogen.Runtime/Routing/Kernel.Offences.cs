using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>Contexts that break the protocol.</content>
internal sealed partial class Kernel
{
    /// <summary>What a context below this one is charged to.</summary>
    public Account? AccountOf(uint context) => Accounts.GetValueOrDefault(context);

    public Dictionary<uint, Account> Accounts { get; } = [];

    /// <summary>A bound was reached at which nothing can be refused.</summary>
    public void Exceed(Account account, Resource what, long amount, string why) =>
        throw new ProtocolViolationException(AccountOf(account.Owner) == account ? why : $"{why} {what} {amount}");
}
