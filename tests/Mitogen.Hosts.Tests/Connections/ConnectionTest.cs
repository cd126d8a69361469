using Mitogen.NativeProgram;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Logging;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>The base of the tests that start contexts on real hosts.</summary>
public abstract class ConnectionTest : LeakCheckedTest
{
    // What the contexts of a test logged, to be looked through for what must not be there.
    private readonly RecordedLogs _logs = new();

    /// <summary>A root whose contexts have the contracts of the native program, as its executable or as its assemblies.</summary>
    protected async Task<MitogenRoot> CreateRootAsync(ExecutableKind executable = ExecutableKind.Managed, MitogenOptions? options = null)
    {
        if (executable == ExecutableKind.Native)
        {
            _ = await NativeAot.Tests.NativeProgram.ExecutableAsync();
        }

        return MitogenRoot.Create((options ?? new MitogenOptions()) with
        {
            Catalog = Generated.Mitogen_NativeProgram.Catalog.Create(),
            LoggerFactory = _logs,
        });
    }

    protected static async Task AnswersAsync(IRemoteContext context, string? user = null)
    {
        Assert.Equal("well", await context.Get<INativeShapes>().EchoAsync("well"));
        if (user is not null)
        {
            Assert.Equal(user, context.Info.UserName);
        }
    }

    /// <param name="from">Which context tries.</param>
    /// <param name="connection">What it tries.</param>
    /// <param name="reason">Why it fails.</param>
    /// <param name="target">What there was before on the host or hosts that it gets to.</param>
    private protected static async Task<BootstrapException> FailsAsync(
        IRemoteContext from, Connection connection, BootstrapReason reason, HostListing target)
    {
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => from.ConnectAsync(connection, Cancellation).InTimeAsync());
        Assert.True(failure.Reason == reason, failure.ToString());
        Assert.Equal(from.Parent is null ? "root" : $"root/{from.Name}", failure.Hop);
        Assert.DoesNotContain(TestHost.Password, failure.ToString(), StringComparison.Ordinal);
        await target.AssertUnchangedAsync();
        return failure;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.DoesNotContain(_logs.All, record => record.ToString().Contains(TestHost.Password, StringComparison.Ordinal));
    }
}
