using System.Threading.Tasks.Sources;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>What a service does wrong is told to its caller, with the method's name where it says nothing itself, and ends nothing else.</summary>
public sealed class OddServiceTests : CallTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_null_and_must_not_be_is_told_with_the_methods_name(bool inRoot)
    {
        IOdd odd = await ServeAsync<IOdd>(new Odd(), inRoot);

        await ToldAsync("IOdd.VoidAsync", () => odd.VoidAsync(Odd.Null));
        await ToldAsync("IOdd.TextAsync", () => odd.TextAsync(Odd.Null));
        await ToldAsync("IOdd.ItemsAsync", async () => await ReadAsync(odd.ItemsAsync(Odd.Null)));
        Assert.Equal("fine", await odd.TextAsync(Odd.Fine));

        static async Task ToldAsync(string name, Func<Task> call)
        {
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(call);
            Assert.Contains(name + " returned null", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_throws_ends_its_call_alone(bool inRoot)
    {
        IOdd odd = await ServeAsync<IOdd>(new Odd(), inRoot);
        for (int how = Odd.First; how <= Odd.Last; how++)
        {
            int way = how;
            await FailsAsync(() => odd.VoidAsync(way));
            await FailsAsync(() => odd.TextAsync(way));
            await FailsAsync(() => odd.ValueAsync(way).AsTask());
            await FailsAsync(() => ReadAsync(odd.ItemsAsync(way)));
            await FailsAsync(async () =>
            {
                await using Stream stream = await odd.BytesAsync(way);
                await stream.CopyToAsync(Stream.Null, Cancellation);
            });
            await FailsAsync(async () =>
            {
                await using Stream stream = await odd.BytesAsync(way);
                await stream.WriteAsync(new byte[1], Cancellation);
                await stream.FlushAsync(Cancellation);
            });
            Assert.Equal("fine", await odd.TextAsync(Odd.Fine).InTimeAsync());
        }

        static async Task FailsAsync(Func<Task> call) => await Assert.ThrowsAnyAsync<Exception>(() => call().InTimeAsync());
    }

    private static async Task ReadAsync(IAsyncEnumerable<int> items)
    {
        await foreach (int _ in items)
        {
        }
    }
}

[Remote]
public interface IOdd
{
    Task VoidAsync(int how);

    Task<string> TextAsync(int how);

    ValueTask<string> ValueAsync(int how);

    IAsyncEnumerable<int> ItemsAsync(int how, CancellationToken cancellationToken = default);

    Task<Stream> BytesAsync(int how);
}

internal sealed class Odd : IOdd
{
    public const int Fine = 0;
    public const int Null = 1;
    public const int First = 2;
    public const int Last = 6;

    public Task VoidAsync(int how) => how == Null ? null! : ValueAsync(how).AsTask();

    public Task<string> TextAsync(int how) => how == Null ? null! : ValueAsync(how).AsTask();

    public ValueTask<string> ValueAsync(int how) => how switch
    {
        Fine => new("fine"),
        First => throw new Unspeakable(),
        First + 1 => ValueTask.FromException<string>(new Unspeakable()),
        First + 2 => LaterAsync(),
        _ => new(new Source<string>(how), 0),
    };

    public IAsyncEnumerable<int> ItemsAsync(int how, CancellationToken cancellationToken) => how == Null ? null! : new Items(how);

    public Task<Stream> BytesAsync(int how) => Task.FromResult<Stream>(new Bytes(how));

    private static async ValueTask<string> LaterAsync()
    {
        await Task.Yield();
        throw new Unspeakable();
    }

    /// <summary>Throws at whatever it is asked for.</summary>
    private sealed class Unspeakable : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string? StackTrace => throw new InvalidOperationException("no trace");

        public override System.Collections.IDictionary Data => throw new InvalidOperationException("no data");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class Source<T>(int how) : IValueTaskSource<T>, IValueTaskSource
    {
        public T GetResult(short token) => throw new Unspeakable();

        void IValueTaskSource.GetResult(short token) => throw new Unspeakable();

        public ValueTaskSourceStatus GetStatus(short token) =>
            how == First + 3 ? throw new Unspeakable() : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            if (how == Last)
            {
                throw new Unspeakable();
            }

            continuation(state);
        }
    }

    private sealed class Items(int how) : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current => how == First ? throw new Unspeakable() : 1;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            how == First + 1 ? throw new Unspeakable() : how == First + 2 ? null! : this;

        public ValueTask<bool> MoveNextAsync() => how switch
        {
            First + 3 => throw new Unspeakable(),
            Last => new(new Source<bool>(how), 0),
            _ => new(how == First),
        };

        public ValueTask DisposeAsync() => how switch
        {
            First => new(new Source<bool>(Last), 0),
            First + 3 => throw new Unspeakable(),
            _ => default,
        };
    }

    private sealed class Bytes(int how) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new Unspeakable();

        public override long Position { get => throw new Unspeakable(); set => throw new Unspeakable(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => how switch
        {
            First => throw new Unspeakable(),
            First + 1 => new(-1),
            First + 2 => new(buffer.Length + 1),
            First + 3 => ValueTask.FromException<int>(new Unspeakable()),
            _ => new(new Source<int>(Last), 0),
        };

        // Of every second: whoever reads it, and whoever writes it.
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            how % 2 == 0 ? new(new Source<int>(Last), 0) : throw new Unspeakable();

#pragma warning disable CA2215 // what its base does is never reached
        public override ValueTask DisposeAsync() => how % 2 == 0 ? new(new Source<int>(Last), 0) : throw new Unspeakable();
#pragma warning restore CA2215

        public override void Flush() => throw new Unspeakable();

        public override int Read(byte[] buffer, int offset, int count) => throw new Unspeakable();

        public override long Seek(long offset, SeekOrigin origin) => throw new Unspeakable();

        public override void SetLength(long value) => throw new Unspeakable();

        public override void Write(byte[] buffer, int offset, int count) => throw new Unspeakable();
    }
}
