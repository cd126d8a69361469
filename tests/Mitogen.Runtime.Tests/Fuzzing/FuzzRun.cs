using System.Globalization;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>
/// Feeds something with a saved corpus and what the <see cref="Mutator"/> makes of it. <c>MITOGEN_FUZZ=n</c> gives n inputs instead of
/// the test's own number; <c>MITOGEN_FUZZ_SEED=s</c> replays one.
/// </summary>
internal static class FuzzRun
{
    /// <param name="corpus">The folder of the corpus.</param>
    /// <param name="inputs">How many inputs.</param>
    /// <param name="mostBytes">How many bytes one input may allocate, besides 64 for each of its own.</param>
    /// <param name="feed">Takes an input, and a random for what else varies. What it throws fails the test.</param>
    /// <param name="allThreads">Whether what other threads allocate counts too: then nothing else may run.</param>
    public static void Each(string corpus, int inputs, long mostBytes, Action<byte[], Random> feed, bool allThreads = false)
    {
        string? one = Environment.GetEnvironmentVariable("MITOGEN_FUZZ_SEED");
        int first = one is null ? 0 : int.Parse(one, CultureInfo.InvariantCulture);
        string? many = Environment.GetEnvironmentVariable("MITOGEN_FUZZ");
        int count = one is not null ? 1 : many is null ? inputs : int.Parse(many, CultureInfo.InvariantCulture);
        IReadOnlyList<byte[]> saved = Corpus.Load(corpus);
        int seed = first;
        byte[] input = [];
        Exception? error = null;
        Thread thread = new(() =>
        {
            try
            {
                feed(saved[0], new Random(0)); // what is allocated once
                for (; seed < first + count; Volatile.Write(ref seed, seed + 1))
                {
                    Random random = new(seed);
                    input = seed < saved.Count ? saved[seed] : Mutator.Mutate(random, saved);
                    long before = Allocated(allThreads);
                    feed(input, random);
                    Assert.InRange(Allocated(allThreads) - before, 0, mostBytes + (64L * input.Length));
                }
            }
            catch (Exception e)
            {
                error = e;
            }
        });
        thread.Start();
        for (int seen = -1; !thread.Join(Eventually.Patience); seen = Volatile.Read(ref seed))
        {
            Assert.False(seen == Volatile.Read(ref seed), $"Hangs. {Describe()}");
        }

        Assert.True(error is null, $"{Describe()}: {error}");

        string Describe() => $"Seed {seed} of {corpus} (replay: MITOGEN_FUZZ_SEED={seed}): {Convert.ToHexStringLower(input)}";
    }

    /// <summary>Hands an input on in pieces, cut anywhere.</summary>
    public static void Split(byte[] input, Random random, Action<byte[]> feed)
    {
        for (int at = 0; at < input.Length;)
        {
            int length = Math.Min(random.Next(4) switch { 0 => 1, 1 => random.Next(1, 40), _ => int.MaxValue }, input.Length - at);
            feed(input[at..(at + length)]);
            at += length;
        }
    }

    private static long Allocated(bool allThreads) =>
        allThreads ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread();
}
