using Mitogen.TestContracts.Shapes;

namespace Mitogen.TestServices.Shapes;

[RemoteService]
public sealed class Memory : IMemory
{
    public Task CollectAsync()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Task.CompletedTask;
    }
}
