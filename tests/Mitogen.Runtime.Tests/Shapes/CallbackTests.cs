using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Contracts as arguments: the callee calls back.</summary>
public sealed class CallbackTests : ShapeTest
{
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_argument_is_called_back_during_the_call(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        Listener listener = new();

        Assert.Equal("asked: I heard one", await objects.AskAsync(listener, "one"));
        Assert.Equal("asked: I heard two", await Task.Run(() => objects.Ask(listener, "two"), Cancellation));
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_argument_is_called_back_after_the_call(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        await objects.KeepAsync(new Listener());
        Assert.Equal("I heard later", await objects.AskKeptAsync("later"));
        Assert.Equal("I heard again", await objects.AskKeptAsync("again"));

        await objects.ForgetAsync();
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_failure_of_the_callback_reaches_the_callee_and_comes_back(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => objects.AskAsync(new Listener(), ""));
        Assert.Equal("No question.", failure.Message);
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Calls_go_back_and_forth_ten_levels_deep(Where where)
    {
        IPingPong there = await ServeAsync<IPingPong>(where);
        TestServices.Shapes.PingPong here = new();

        Assert.Equal(10, await there.PingAsync(10, here));
        Assert.Equal(10, await Task.Run(() => there.Ping(10, here), Cancellation));
        Assert.Equal(10, await Task.Run(() => there.PingBlockingAsync(10, here), Cancellation));
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Sixteen_chains_run_beside_each_other(Where where)
    {
        IPingPong there = await ServeAsync<IPingPong>(where);
        int[] depths = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () => there.Ping(10, new TestServices.Shapes.PingPong()), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.All(depths, d => Assert.Equal(10, d));
    }

    private sealed class Listener : IListener
    {
        public Task<string> AnswerAsync(string question) => Task.FromResult(Answer(question));

        public string Answer(string question) =>
            question.Length == 0 ? throw new InvalidDataException("No question.") : "I heard " + question;
    }
}
