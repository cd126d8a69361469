namespace Mitogen.Toolkit;

/// <summary>The room of a file system.</summary>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What is free, also for root alone.</param>
/// <param name="AvailableBytes">What is free for the user of the context.</param>
/// <param name="TotalEntries">How many entries it can hold; 0 if it has no such bound.</param>
/// <param name="FreeEntries">How many more it can hold.</param>
public sealed record VolumeSpace(long TotalBytes, long FreeBytes, long AvailableBytes, long TotalEntries, long FreeEntries);
