namespace Mitogen.Calls;

/// <summary>
/// A call that its endpoint keeps until the context is up. It may end before that, and its instance be in use for another
/// call, perhaps to another context: that one is left alone. Everything here is called under the hub's lock.
/// </summary>
internal readonly struct KeptCall(PendingCall call)
{
    private readonly int _generation = call.Generation;

    public void SendTo(uint context)
    {
        if (call.IsPending(_generation))
        {
            call.SendTo(context);
        }
    }

    public void Fail(Exception error)
    {
        if (call.IsPending(_generation))
        {
            call.Fail(error);
        }
    }
}
