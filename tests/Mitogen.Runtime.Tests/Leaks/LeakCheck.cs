using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mitogen.Runtime.Tests.Leaks;

/// <summary>
/// Around a test that starts processes: fails if a process, a thread of ours, a descriptor or a file is left for good that was not there
/// before. Such tests are in the collection <see cref="ProcessTests"/>, whose members run alone.
/// </summary>
internal sealed class LeakCheck : IAsyncDisposable
{
    private const string Variable = "MITOGEN_LEAK_CHECK";

    // .NET opens its signal pipe, and xunit its timers, at first use: that is not the test's doing.
    private static readonly PosixSignalRegistration s_warmUp = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => { });

    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly LeakSnapshot _before;
    private readonly TimeSpan _patience;

    // The runtime opens one descriptor for all asynchronous sockets of a process, for good, with the first of them: no test's doing either.
    static LeakCheck()
    {
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using CancellationTokenSource cancelled = new();
        _ = first.ReceiveAsync(new byte[1].AsMemory(), cancelled.Token).AsTask();
        cancelled.Cancel();
    }

    private LeakCheck(TimeSpan patience)
    {
        _patience = patience;
        GC.KeepAlive(s_warmUp);
        Environment.SetEnvironmentVariable(Variable, _marker);
        _before = LeakSnapshot.Take(_marker);
    }

    public static LeakCheck Start(TimeSpan? patience = null) => new(patience ?? Eventually.Patience);

    public async ValueTask DisposeAsync()
    {
        IReadOnlyList<string> left;
        for (long end = Environment.TickCount64 + (long)_patience.TotalMilliseconds; ; await Task.Delay(20))
        {
            left = LeakSnapshot.Take(_marker).Except(_before, _marker);
            if (left.Count == 0 || Environment.TickCount64 > end)
            {
                break;
            }
        }

        Environment.SetEnvironmentVariable(Variable, null);
        Assert.True(left.Count == 0, "Left behind:\n" + string.Join('\n', left));
    }
}

/// <summary>The base of test classes that start processes: a <see cref="LeakCheck"/> around each test.</summary>
[Collection(ProcessTests.Name)]
public abstract class LeakCheckedTest : IAsyncDisposable
{
    private readonly LeakCheck _leaks = LeakCheck.Start();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _leaks.DisposeAsync();
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public static class ProcessTests
{
    public const string Name = "processes";
}
