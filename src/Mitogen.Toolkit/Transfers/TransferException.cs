namespace Mitogen.Toolkit;

/// <summary>
/// A transfer broke off. What was written whole stays, and one part for a file that was under way. The same call made again goes on from there.
/// </summary>
public sealed class TransferException : IOException
{
    /// <summary>Makes it.</summary>
    /// <param name="message">What happened and how far it got.</param>
    /// <param name="progress">How far it got.</param>
    /// <param name="cause">Why: an exception of <see cref="System.IO"/>, or <see cref="ContextLostException"/>.</param>
    public TransferException(string message, TransferProgress progress, Exception cause)
        : base(message, cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        Progress = progress;
        HResult = cause.HResult;
    }

    /// <summary>How far it got, as far as this side was told.</summary>
    public TransferProgress Progress { get; }
}
