using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Makes the exceptions of file operations: each names what was tried, the path, the context, the reason and the remedy.</summary>
/// <param name="place">Where the files are, as it stands in a message: <c>in context 'web1'</c>.</param>
internal sealed class FileFailures(string place)
{
    public string Place { get; } = place;

    public static FileFailures Of(IRemoteContext context) => new($"in context '{context.Name}'");

    /// <summary>The exception for the error of the call that just failed.</summary>
    public Exception Last(string action, string path) => Make(Marshal.GetLastPInvokeError(), action, path);

    public Exception Make(int error, string action, string path)
    {
        string message = $"Cannot {action} '{PathBytes.Display(path)}' {Place}: {Marshal.GetPInvokeErrorMessage(error)}.{Remedy(error)}";
        Exception result = error switch
        {
            FileLibc.NotFound => new FileNotFoundException(message, path),
            FileLibc.NotFolder => new DirectoryNotFoundException(message),
            FileLibc.PermissionDenied or FileLibc.AccessDenied or FileLibc.ReadOnlyVolume => new UnauthorizedAccessException(message),
            FileLibc.NameTooLong => new PathTooLongException(message),
            _ => new IOException(message, error),
        };
        return result;
    }

    public IOException Problem(string action, string path, string reason) => new($"Cannot {action} '{PathBytes.Display(path)}' {Place}: {reason}");

    /// <summary>An exception of .NET's own about an open file, with the path and the place.</summary>
    public IOException Wrap(Exception error, string action, string path) =>
        new($"Cannot {action} '{PathBytes.Display(path)}' {Place}: {error.Message}{Remedy(error.HResult)}", error) { HResult = error.HResult };

    private static string Remedy(int error) => error switch
    {
        FileLibc.PermissionDenied or FileLibc.AccessDenied => " A context of another user, such as one through sudo, may be allowed to.",
        FileLibc.NoSpace => " Free space there; GetSpaceAsync tells how much there is.",
        FileLibc.OverQuota => " The user's quota is used up.",
        FileLibc.NameTooLong => " A name may have 255 bytes, a path 4,095.",
        FileLibc.TooManyLinks => " A symbolic link stands where none is followed, or links lead in a circle.",
        FileLibc.NoLocks => " The file system cannot lock (flock). FileWriteOptions.InPlace writes a file there without a lock.",
        FileLibc.NotEmpty => " Delete it recursively if all that is in it is to go.",
        FileLibc.OtherDevice => " Both have to be on one file system.",
        _ => "",
    };
}
