using System.Globalization;
using Mitogen.Toolkit.Transfers;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>Transfers that break off at random bytes, and go on. <c>MITOGEN_BREAKS</c> says how often, <c>MITOGEN_SEED</c> replays a failure.</summary>
public sealed class TransferBreakTests : TransferTest
{
    private static readonly int s_breaks = int.Parse(Environment.GetEnvironmentVariable("MITOGEN_BREAKS") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_transfer_that_breaks_off_at_any_byte_goes_on_to_the_same_content()
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("MITOGEN_SEED") ?? "1", CultureInfo.InvariantCulture);
        int breaks = 0;
        long resumed = 0;
        long unchanged = 0;
        for (; breaks < s_breaks; seed++)
        {
            Random random = new(seed);
            long size = WriteTree(random);
            TransferOptions options = new() { Flush = false, Compress = random.Next(2) == 0 };
            for (int left = 5; ; left--)
            {
                long bytes = left == 0 ? long.MaxValue : random.NextInt64(size + 3000);
                try
                {
                    TransferResult result = await TransferRun.RunAsync(
                        new TransferSide(new BreakingEnd(bytes), Source, "the source"), TransferSide.Here(Target), options, null, Cancellation);
                    resumed += result.ResumedBytes;
                    unchanged += result.Unchanged;
                    break;
                }
                catch (TransferException e)
                {
                    breaks++;
                    Assert.Contains("The link broke.", e.Message, StringComparison.Ordinal);
                    if (random.Next(8) == 0)
                    {
                        // What is there of it is no beginning of what it is by now.
                        Write("large", Content(random.Next(), random.Next(1, 800_000)));
                    }
                }
            }

            Assert.True(Describe(Source) == Describe(Target), $"MITOGEN_SEED={seed}\n{Describe(Source)}\n{Describe(Target)}");
            Directory.Delete(Source, recursive: true);
            Directory.Delete(Target, recursive: true);
        }

        Assert.InRange(resumed, 100_000, long.MaxValue);
        Assert.InRange(unchanged, 10, long.MaxValue);
    }

    private long WriteTree(Random random)
    {
        long size = 0;
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int length = random.Next(4) == 0 ? 0 : random.Next(200_000);
            Write($"{random.Next(3)}/{i}", Content(random.Next(), length));
            size += length;
        }

        Write("large", Content(random.Next(), random.Next(100_000, 1_000_000)));
        return size + new FileInfo(Source + "/large").Length;
    }
}
