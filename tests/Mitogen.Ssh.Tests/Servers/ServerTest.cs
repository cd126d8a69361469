using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Ssh.Tests.Servers;

/// <summary>
/// The base of tests against a server: a leak check around each that gives the server the time it takes to end a session, which on a
/// busy machine it stretches after a login that failed.
/// </summary>
[Collection(ProcessTests.Name)]
public abstract class ServerTest : IAsyncDisposable
{
    private readonly LeakCheck _leaks = LeakCheck.Start();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _leaks.DisposeAsync();
    }
}
