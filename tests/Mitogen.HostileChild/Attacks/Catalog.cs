namespace Mitogen.HostileChild.Attacks;

/// <summary>All attacks.</summary>
internal static class Catalog
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        .. Held.All, .. Memories.All, .. Strangers.All, .. Forgeries.All, .. Redirections.All, .. Floods.All, .. Answers.All, .. LogAttacks.All, .. TraceAttacks.All,
        .. Ids.All, .. Breaches.All,
    ];

    public static Attack? Find(string name) => All.FirstOrDefault(a => a.Name == name);
}
