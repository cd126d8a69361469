using System.Globalization;
using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>Finds users and groups as the C library does, so also those of a directory service where the library knows it.</summary>
internal static unsafe class UserLookup
{
    private const int FirstBuffer = 1024;
    private const int LargestBuffer = 1024 * 1024;
    private const int FirstGroups = 64;
    private const int MostGroups = 65536; // NGROUPS_MAX

    /// <param name="text">A name or a number.</param>
    /// <returns>The user; <see langword="null"/> if there is none.</returns>
    public static FoundUser? FindNamed(string text) =>
        ReadUser((NativeUser* user, byte* buffer, nint size, NativeUser** result) => ProcessLibc.FindUser(text, user, buffer, size, result))
        ?? (TryNumber(text, out uint id) ? FindUser(id) : null);

    /// <summary>The same, or a user who has a number only, as they may have it in a container.</summary>
    public static FoundUser? FindUser(string text) =>
        FindNamed(text) ?? (TryNumber(text, out uint id) ? new FoundUser(text, id, id, "/", "/bin/sh") : null);

    public static FoundUser? FindUser(uint id) =>
        ReadUser((NativeUser* user, byte* buffer, nint size, NativeUser** result) => ProcessLibc.FindUser(id, user, buffer, size, result));

    /// <param name="text">A name or a number.</param>
    /// <returns>Its number; <see langword="null"/> if there is none.</returns>
    public static uint? FindGroup(string text) =>
        ReadGroup((NativeGroup* group, byte* buffer, nint size, NativeGroup** result) => ProcessLibc.FindGroup(text, group, buffer, size, result))?.Id
        ?? (TryNumber(text, out uint id) ? id : null);

    /// <returns>The group's name; <see langword="null"/> if it has none.</returns>
    public static string? GroupName(uint id) =>
        ReadGroup((NativeGroup* group, byte* buffer, nint size, NativeGroup** result) => ProcessLibc.FindGroup(id, group, buffer, size, result))?.Name;

    /// <summary>The groups of a user, with that one.</summary>
    public static uint[] GroupsOf(string user, uint group)
    {
        for (int room = FirstGroups; ; room *= 4)
        {
            uint[] groups = new uint[room];
            int count = room;
            fixed (uint* first = groups)
            {
                if (ProcessLibc.GroupsOf(user, group, first, &count) >= 0)
                {
                    return groups[..count];
                }
            }

            if (room >= MostGroups)
            {
                throw new IOException($"The user '{user}' has more than {MostGroups} groups.");
            }
        }
    }

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static FoundUser? ReadUser(UserCall call)
    {
        for (int size = FirstBuffer; ; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                NativeUser user;
                NativeUser* found;
                int error = call(&user, start, size, &found);
                if (error == ProcessLibc.ResultTooLarge && size < LargestBuffer)
                {
                    continue;
                }

                return found is null ? null : new FoundUser(Text(user.Name), user.User, user.Group, Text(user.Home), Text(user.Shell));
            }
        }
    }

    private static FoundGroup? ReadGroup(GroupCall call)
    {
        for (int size = FirstBuffer; ; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                NativeGroup group;
                NativeGroup* found;
                int error = call(&group, start, size, &found);
                if (error == ProcessLibc.ResultTooLarge && size < LargestBuffer)
                {
                    continue;
                }

                return found is null ? null : new FoundGroup(Text(group.Name), group.Group);
            }
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private delegate int UserCall(NativeUser* user, byte* buffer, nint size, NativeUser** result);

    private delegate int GroupCall(NativeGroup* group, byte* buffer, nint size, NativeGroup** result);

    private sealed record FoundGroup(string Name, uint Id);
}

/// <summary>A user of the machine.</summary>
internal sealed record FoundUser(string Name, uint Id, uint Group, string Home, string Shell);
