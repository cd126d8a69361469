using System.Globalization;

namespace Mitogen.Toolkit.Machine;

/// <summary>Reads the files of users and groups. Lines that are none are passed over, as the C library does.</summary>
internal static class AccountReader
{
    private const int MaxAccounts = 100_000;

    public static IReadOnlyList<UserFacts> Users() =>
    [
        .. (from line in KernelFiles.Lines("/etc/passwd")
            let fields = line.Split(':')
            where fields.Length >= 7 && IsNumber(fields[2]) && IsNumber(fields[3])
            select new UserFacts(fields[0], Number(fields[2]), Number(fields[3]), fields[4], fields[5], fields[6], [])).Take(MaxAccounts),
    ];

    public static IReadOnlyList<GroupFacts> Groups() =>
    [
        .. (from line in KernelFiles.Lines("/etc/group")
            let fields = line.Split(':')
            where fields.Length >= 4 && IsNumber(fields[2])
            select new GroupFacts(fields[0], Number(fields[2]), fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries))).Take(MaxAccounts),
    ];

    private static bool IsNumber(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
