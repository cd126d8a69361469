using Mitogen.Toolkit.Transfers;

namespace Mitogen.Toolkit;

/// <summary>
/// Transfers of files and trees. The paths name the original and the copy themselves: <c>UploadAsync("site", "/srv/www")</c> makes <c>/srv/www</c>
/// what <c>site</c> is. Missing folders above the copy are made.
/// </summary>
/// <remarks>
/// <para>A tree is one stream, however many files it has. Each file is written into a part beside it (<c>.NAME.mitogen-part</c>) and takes
/// its name when all of it is there and its hash is right; before the call completes the file system is flushed once. Files that are there already
/// are not sent again.</para>
/// <para>A transfer that breaks off faults with <see cref="TransferException"/>; one that is cancelled with
/// <see cref="OperationCanceledException"/>. What was whole stays, and a part of the file that was under way. The same call made again goes on
/// from there: the part is kept if its hash is that of the source's beginning.</para>
/// <para>What comes from a context is not believed: no entry is written outside of the target, through a link or beyond the bounds.</para>
/// </remarks>
public static class TransferExtensions
{
    /// <summary>Copies a file or a tree from this side to a context.</summary>
    /// <param name="context">The context.</param>
    /// <param name="localPath">What is copied; if it is a symbolic link, what that leads to.</param>
    /// <param name="remotePath">The name of the copy.</param>
    /// <param name="options">How to, and the bounds.</param>
    /// <param name="progress">Is told how far it is, about ten times a second.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="TransferException">It broke off.</exception>
    public static Task<TransferResult> UploadAsync(
        this IRemoteContext context,
        string localPath,
        string remotePath,
        TransferOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(localPath);
        ArgumentException.ThrowIfNullOrEmpty(remotePath);
        return TransferRun.RunAsync(TransferSide.Here(localPath), TransferSide.There(context, remotePath), options, progress, cancellationToken);
    }

    /// <summary>Copies a file or a tree from a context to this side.</summary>
    /// <param name="context">The context.</param>
    /// <param name="remotePath">What is copied; if it is a symbolic link, what that leads to.</param>
    /// <param name="localPath">The name of the copy.</param>
    /// <param name="options">How to, and the bounds.</param>
    /// <param name="progress">Is told how far it is, about ten times a second.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="TransferException">It broke off.</exception>
    public static Task<TransferResult> DownloadAsync(
        this IRemoteContext context,
        string remotePath,
        string localPath,
        TransferOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(remotePath);
        ArgumentException.ThrowIfNullOrEmpty(localPath);
        return TransferRun.RunAsync(TransferSide.There(context, remotePath), TransferSide.Here(localPath), options, progress, cancellationToken);
    }

    /// <summary>Copies a file or a tree from one context to another. The content passes through this side and is not kept here.</summary>
    /// <param name="source">The context that has the original.</param>
    /// <param name="sourcePath">What is copied; if it is a symbolic link, what that leads to.</param>
    /// <param name="target">The context that gets the copy.</param>
    /// <param name="targetPath">The name of the copy.</param>
    /// <param name="options">How to, and the bounds.</param>
    /// <param name="progress">Is told how far it is, about ten times a second.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="TransferException">It broke off.</exception>
    public static Task<TransferResult> CopyToAsync(
        this IRemoteContext source,
        string sourcePath,
        IRemoteContext target,
        string targetPath,
        TransferOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(sourcePath);
        ArgumentException.ThrowIfNullOrEmpty(targetPath);
        return TransferRun.RunAsync(TransferSide.There(source, sourcePath), TransferSide.There(target, targetPath), options, progress, cancellationToken);
    }

    /// <summary>Makes a tree of a context equal to one of this side: sends what changed, and deletes the rest if that is wanted.</summary>
    /// <param name="context">The context.</param>
    /// <param name="localPath">The tree as it is to be.</param>
    /// <param name="remotePath">The tree that is made equal.</param>
    /// <param name="options">How to, whether to delete, and whether only to list what would be done.</param>
    /// <param name="progress">Is told how far it is, about ten times a second.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What was done, or would be.</returns>
    /// <exception cref="TransferException">It broke off.</exception>
    public static Task<TransferResult> SyncAsync(
        this IRemoteContext context,
        string localPath,
        string remotePath,
        SyncOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        UploadAsync(context, localPath, remotePath, options, progress, cancellationToken);
}
