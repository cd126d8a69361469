using System.Runtime.CompilerServices;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>The instances behind calls are kept for their next use, and keep nothing of the user's alive until then.</summary>
[Collection(ProcessTests.Name)] // calls of other tests would use the instances again
public sealed class RetentionTests : CallTest
{
    public static TheoryData<string, CallOutcome> Calls
    {
        get
        {
            TheoryData<string, CallOutcome> calls = [];
            foreach (string mode in new[] { "task", "reports", "blocking", "one-way", "promise", "items", "bytes" })
            {
                calls.Add(mode, CallOutcome.Answered);
                calls.Add(mode, CallOutcome.Failed);
                if (mode is not ("one-way" or "promise"))
                {
                    calls.Add(mode, CallOutcome.Cancelled); // these two have no caller that gives them up
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_a_call_used_is_free_when_the_call_has_ended(string mode, CallOutcome outcome)
    {
        Retention service = new();
        IRetention calls = await ServeAsync<IRetention>(service);

        List<(string What, WeakReference Object)> seen = await CallAsync(calls, mode, outcome);
        await UntilAsync(() => service.Ended == 1);

        await AssertFreeAsync([.. seen, .. service.Seen]);
        GC.KeepAlive(calls);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_a_call_went_to_is_free_when_the_root_has_ended(string mode, CallOutcome outcome) =>
        await AssertFreeAsync(await CallInRootAsync(mode, outcome));

    [Theory]
    [InlineData("task")]
    [InlineData("blocking")]
    [InlineData("one-way")]
    [InlineData("promise")]
    public async Task What_a_call_went_to_is_free_when_the_call_was_lost_with_it(string mode) =>
        await AssertFreeAsync(await LoseAsync(mode));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<(string What, WeakReference Object)>> CallInRootAsync(string mode, CallOutcome outcome)
    {
        InProcessRoot root = InProcessRoot.Create();
        await using (root)
        {
            Retention service = new();
            List<(string, WeakReference)> seen = await CallAsync(root.Add<IRetention>(service).Get<IRetention>(), mode, outcome);
            await UntilAsync(() => service.Ended == 1);
            return [.. seen, .. service.Seen, ("service", new WeakReference(service)), ("root", new WeakReference(root))];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<(string What, WeakReference Object)>> LoseAsync(string mode)
    {
        InProcessRoot root = InProcessRoot.Create();
        List<(string What, WeakReference Object)> seen = [("root", new WeakReference(root))];
        await using (root)
        {
            root.OnConnect<LocalConnection>(_ => FakeContext.Failing(BootstrapReason.TimedOut, "Too late."));
            IRetention lost = root.Through(new LocalConnection { Name = "lost" }).Get<IRetention>();
            Exception? error = await Record.ExceptionAsync(async () => await MakeAsync(lost, mode, new Guest(), CallOutcome.Answered, Cancellation));
            if (mode != "one-way")
            {
                Assert.NotNull(error);
                seen.Add(("exception", new WeakReference(error)));
            }
        }

        return seen;
    }

    /// <summary>Makes a call and takes its outcome.</summary>
    /// <returns>What the call was given, and what came of it.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<(string What, WeakReference Object)>> CallAsync(IRetention calls, string mode, CallOutcome outcome)
    {
        Guest guest = new();
        using CancellationTokenSource source = new();
        if (outcome == CallOutcome.Cancelled)
        {
            source.CancelAfter(50);
        }

        List<(string What, WeakReference Object)> seen = [("guest", new WeakReference(guest)), ("token's source", new WeakReference(source))];
        try
        {
            object? result = await MakeAsync(calls, mode, guest, outcome, source.Token);
            Assert.True(outcome == CallOutcome.Answered || mode == "one-way");
            if (result is not null)
            {
                seen.Add(("result", new WeakReference(result)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidDataException or RemoteCallException)
        {
            Assert.NotEqual(CallOutcome.Answered, outcome);
            seen.Add(("exception of the call", new WeakReference(e)));
        }

        return seen;
    }

    private static async Task<object?> MakeAsync(IRetention calls, string mode, Guest guest, CallOutcome outcome, CancellationToken token)
    {
        switch (mode)
        {
            case "task":
                return await calls.RunAsync(guest, outcome, token);
            case "reports":
                return await calls.ReportAsync(guest, outcome, new Progress<int>(_ => { }), token);
            case "blocking":
                return calls.Block(guest, outcome, token);
            case "one-way":
                await calls.TellAsync(guest, outcome, token);
                return null;
            case "promise":
                IGuest promised = calls.Promise(guest, outcome);
                await promised.PingAsync();
                await promised.DisposeAsync();
                return promised;
            case "items":
                return await calls.Items(guest, outcome, token).ToListAsync(CancellationToken.None);
            default:
                Stream stream = await calls.BytesAsync(guest, outcome, token);
                await using (stream)
                {
                    Assert.Equal(3, await stream.ReadAtLeastAsync(new byte[4], 3, cancellationToken: CancellationToken.None));
                    return stream;
                }
        }
    }

    private static async Task AssertFreeAsync(IReadOnlyList<(string What, WeakReference Object)> seen)
    {
        Assert.NotEmpty(seen);
        string[] kept = [];
        await Eventually.UntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                kept = [.. seen.Where(s => s.Object.IsAlive).Select(s => s.What)];
                return kept.Length == 0;
            },
            () => $"These are kept alive: {string.Join(", ", kept)}.");
    }
}
