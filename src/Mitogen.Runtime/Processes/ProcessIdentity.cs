using System.Globalization;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>Who and where this process is.</summary>
internal static class ProcessIdentity
{
    public static string HostName => Environment.MachineName;

    public static int ProcessId => Environment.ProcessId;

    /// <summary>The parent; another one, usually 1, once the parent that started this process is gone.</summary>
    public static int ParentId => Libc.GetParentProcess();

    /// <summary>The effective user's name, or number where nothing gives it a name, as in a container without /etc/passwd.</summary>
    public static string UserName
    {
        get
        {
            string name;
            try
            {
                name = Environment.UserName;
            }
            catch (Exception)
            {
                name = ""; // .NET does not say what it throws for a user without an entry, and it differs between builds
            }

            return name is "" or "?" ? Libc.EffectiveUser().ToString(CultureInfo.InvariantCulture) : name;
        }
    }
}
