namespace Mitogen.Logging;

/// <summary>Completes when the last record of a batch was taken from a queue, or dropped. Its owner has a lock.</summary>
internal sealed class LogReceipt(int records)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = records;

    public Task Done => _done.Task;

    public void Count()
    {
        if (--_left == 0)
        {
            _done.SetResult();
        }
    }
}
