using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Mitogen.CompilerServices;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Who sends the keys of a table may choose them so that each is compared with all before it.</summary>
public sealed class KeyCollisionTests : CallTest
{
    // All have the same hash code.
    private static long Chosen(int i) => ((long)i << 32) | (uint)i;

    [Fact]
    public async Task Tables_of_chosen_keys_are_refused_before_they_are_made()
    {
        ITables tables = await ServeAsync<ITables>(new Tables());
        Func<int, Task>[] ways =
        [
            async count => Assert.Equal(count, (await tables.MapAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.SetAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.SortedAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.ReadOnlyAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.ImmutableAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.FrozenAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.ConcurrentAsync(count)).Count),
            async count => Assert.Equal(count, (await tables.RecordsAsync(count)).Count),
        ];
        foreach (Func<int, Task> way in ways)
        {
            await way(250);
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => way(1000));
            Assert.Contains("hash codes that meet", error.Message, StringComparison.Ordinal);
        }

        Dictionary<long, byte> chosen = Enumerable.Range(0, 1000).ToDictionary(Chosen, _ => (byte)1);
        await Assert.ThrowsAnyAsync<Exception>(() => tables.TakeAsync(chosen));
        Assert.Equal(1000, await tables.TakeAsync(Enumerable.Range(0, 1000).ToDictionary(i => (long)i, _ => (byte)1)));
    }

    [Fact]
    public void Numbers_that_fall_into_one_bucket_are_refused_though_their_hash_codes_differ()
    {
        const int Count = 10_000;
        int buckets = new HashSet<int>().EnsureCapacity(Count);

        Assert.ThrowsAny<Exception>(() => KeyCollisions.OfItems([.. Enumerable.Range(0, Count).Select(i => i * buckets)]));
    }

    [Fact]
    public void Keys_as_they_are_pass()
    {
        const int Count = 50_000;
        Random random = new(1);
        Guid[] guids = [.. Enumerable.Range(0, Count).Select(_ => Guid.NewGuid())];
        Assert.Same(guids, KeyCollisions.OfItems(guids));
        _ = KeyCollisions.OfItems([.. Enumerable.Range(0, Count)]);
        _ = KeyCollisions.OfItems([.. Enumerable.Range(0, Count).Select(i => (long)i * 1000)]);
        _ = KeyCollisions.OfItems([.. Enumerable.Range(0, Count).Select(_ => random.NextInt64())]);
        _ = KeyCollisions.OfItems([.. Enumerable.Range(0, Count).Select(i => DateTime.UnixEpoch.AddSeconds(i))]);
        _ = KeyCollisions.OfItems([.. Enumerable.Range(0, Count).Select(i => $"{i}")]);
        _ = KeyCollisions.OfKeys([.. Enumerable.Range(0, Count).Select(i => KeyValuePair.Create((i % 100, i / 100), i))]);
    }

    internal sealed class Tables : ITables
    {
        public Task<Dictionary<long, byte>> MapAsync(int count) => Task.FromResult(Map(count));

        public Task<HashSet<ulong>> SetAsync(int count) => Task.FromResult(Enumerable.Range(0, count).Select(i => (ulong)Chosen(i)).ToHashSet());

        public Task<SortedDictionary<long, byte>> SortedAsync(int count) => Task.FromResult(new SortedDictionary<long, byte>(Map(count)));

        public Task<IReadOnlyDictionary<long, byte>> ReadOnlyAsync(int count) => Task.FromResult<IReadOnlyDictionary<long, byte>>(Map(count));

        public Task<ImmutableHashSet<long>> ImmutableAsync(int count) => Task.FromResult(Enumerable.Range(0, count).Select(Chosen).ToImmutableHashSet());

        public Task<FrozenSet<long>> FrozenAsync(int count) => Task.FromResult(Enumerable.Range(0, count).Select(Chosen).ToFrozenSet());

        public Task<ConcurrentDictionary<long, byte>> ConcurrentAsync(int count) => Task.FromResult(new ConcurrentDictionary<long, byte>(Map(count)));

        public Task<Dictionary<TableKey, byte>> RecordsAsync(int count) =>
            Task.FromResult(Map(count).ToDictionary(p => new TableKey(p.Key), p => p.Value));

        public Task<int> TakeAsync(Dictionary<long, byte> map) => Task.FromResult(map.Count);

        private static Dictionary<long, byte> Map(int count) => Enumerable.Range(0, count).ToDictionary(Chosen, _ => (byte)1);
    }
}

public sealed record TableKey(long Number);

[Remote]
public interface ITables
{
    Task<Dictionary<long, byte>> MapAsync(int count);

    Task<HashSet<ulong>> SetAsync(int count);

    Task<SortedDictionary<long, byte>> SortedAsync(int count);

    Task<IReadOnlyDictionary<long, byte>> ReadOnlyAsync(int count);

    Task<ImmutableHashSet<long>> ImmutableAsync(int count);

    Task<FrozenSet<long>> FrozenAsync(int count);

    Task<ConcurrentDictionary<long, byte>> ConcurrentAsync(int count);

    Task<Dictionary<TableKey, byte>> RecordsAsync(int count);

    Task<int> TakeAsync(Dictionary<long, byte> map);
}
