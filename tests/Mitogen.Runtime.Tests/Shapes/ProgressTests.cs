using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Reports arrive in order, and all before their call completes.</summary>
public sealed class ProgressTests : ShapeTest
{
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task All_reports_come_before_the_end(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Reports<int> reports = new();

        Assert.Equal(10_000, await bytes.WorkAsync(10_000, reports, Cancellation));
        Assert.Equal(Enumerable.Range(0, 10_000), reports.Seen);
        Assert.Equal(7, await bytes.WorkAsync(7, null, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_blocked_caller_hears_reports_on_its_own_thread(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Reports<string> texts = new();
        Reports<int> numbers = new();
        int thread = 0;
        await Task.Factory.StartNew(
            () =>
            {
                thread = Environment.CurrentManagedThreadId;
                Assert.Equal(500, bytes.Work(500, texts, numbers));
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"step {i}"), texts.Seen);
        Assert.Equal(Enumerable.Range(0, 500), numbers.Seen);
        Assert.Equal([thread], numbers.Threads.Distinct());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_report_that_fails_does_not_end_the_call(Where where)
    {
        IBytes bytes = await ServeAsync<IBytes>(where);
        Reports<int> reports = new(fails: true);
        Assert.Equal(10, await bytes.WorkAsync(10, reports, Cancellation));
        Assert.Equal(10, reports.Seen.Count);
    }

    private sealed class Reports<T>(bool fails = false) : IProgress<T>
    {
        public List<T> Seen { get; } = [];

        public List<int> Threads { get; } = [];

        public void Report(T value)
        {
            Seen.Add(value);
            Threads.Add(Environment.CurrentManagedThreadId);
            if (fails)
            {
                throw new InvalidOperationException("The report fails.");
            }
        }
    }
}
