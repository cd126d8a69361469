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
        Read((NativeGroup* group, byte* buffer, nint size, NativeGroup** result) => ProcessLibc.FindGroup(text, group, buffer, size, result), static (in found) => new FoundGroup(found.Group))?.Id
        ?? (TryNumber(text, out uint id) ? id : null);

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

    private static FoundUser? ReadUser(LookupCall<NativeUser> call) => Read(
        call, static (in found) => new FoundUser(Text(found.Name), found.User, found.Group, Text(found.Home), Text(found.Shell)));

    /// <summary>Asks with ever larger buffers.</summary>
    /// <param name="call">Fills in the entry, whose texts lie in the buffer.</param>
    /// <param name="make">Makes of the entry what is found.</param>
    private static TFound? Read<TNative, TFound>(LookupCall<TNative> call, MakeFound<TNative, TFound> make)
        where TNative : unmanaged
        where TFound : class
    {
        for (int size = FirstBuffer; ; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                TNative entry;
                TNative* found;
                int error = call(&entry, start, size, &found);
                if (error == ProcessLibc.ResultTooLarge && size < LargestBuffer)
                {
                    continue;
                }

                return found is null ? null : make(entry);
            }
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private delegate int LookupCall<T>(T* entry, byte* buffer, nint size, T** result)
        where T : unmanaged;

    private delegate TFound MakeFound<TNative, TFound>(in TNative entry);

    private sealed record FoundGroup(uint Id);
}

/// <summary>A user of the machine.</summary>
internal sealed record FoundUser(string Name, uint Id, uint Group, string Home, string Shell);
