using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// The files of the context that it is in. Its calls are not ordered: each begins on a pool thread of its own, which may wait for the disk.
/// </summary>
[RemoteService(Ordered = false)]
internal sealed partial class FilesService(IRemoteContext self) : IFiles, IAsyncDisposable
{
    private readonly FileFailures _failures = FileFailures.Of(self);
    private readonly TemporaryEntries _temporary = new(FileFailures.Of(self));

    /// <summary>The context ends: what is temporary goes with it.</summary>
    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return ValueTask.CompletedTask;
    }

    private static long AtLeast(long value, long least, string option) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(option, value, $"{option} is at least {least}.");

    private static int InRange(int value, int least, int most, string option) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(option, value, $"{option} is from {least} to {most}.");

    /// <summary>The path without links at its end: what is written through a link is its target.</summary>
    private string Target(string path, string action)
    {
        for (int links = 0; ; links++)
        {
            if (FolderHandle.ReadLink(path) is not { } target)
            {
                return path;
            }

            if (links == 40)
            {
                throw _failures.Make(FileLibc.TooManyLinks, action, path);
            }

            string text = PathBytes.Decode(target);
            path = text.StartsWith('/') ? text : $"{FolderHandle.Split(path).Parent.TrimEnd('/')}/{text}";
        }
    }

    private static bool IsMissing() => Marshal.GetLastPInvokeError() is FileLibc.NotFound or FileLibc.NotFolder;
}
