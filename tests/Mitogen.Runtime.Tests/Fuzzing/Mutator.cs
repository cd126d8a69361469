using System.Buffers.Binary;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>Makes hostile inputs of good ones, the same ones for the same random.</summary>
internal static class Mutator
{
    private const int MostBytes = 15_000;

    private static readonly int[] s_numbers =
        [int.MaxValue, int.MinValue, int.MinValue + 1, -1, -2, -100, 0, 1, 2, 255, 1024, 65_535, 65_536, 65_537, 1 << 20, 1 << 24, 1 << 30, 0x7fffff00];

    public static byte[] Mutate(Random random, IReadOnlyList<byte[]> corpus)
    {
        List<byte> bytes = [.. corpus[random.Next(corpus.Count)]];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            MutateOnce(random, bytes, corpus);
            if (bytes.Count > MostBytes)
            {
                bytes.RemoveRange(MostBytes, bytes.Count - MostBytes);
            }
        }

        return [.. bytes];
    }

    private static void MutateOnce(Random random, List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        int at = random.Next(bytes.Count + 1);
        int length = random.Next(Math.Min(bytes.Count - at, 64) + 1);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)(random.Next(2) == 0 ? random.Next(256) : s_numbers[random.Next(s_numbers.Length)]);
                break;
            case 2 when random.Next(2) == 0: // cut short
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3: // a section is missing
                bytes.RemoveRange(at, length);
                break;
            case 4: // a section is repeated
                byte[] section = [.. bytes.GetRange(at, length)];
                for (int i = random.Next(1, 20); i > 0; i--)
                {
                    bytes.InsertRange(at, section);
                }

                break;
            case 5: // the front of one input, the back of another
                byte[] other = corpus[random.Next(corpus.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
            case 6:
                byte[] noise = new byte[random.Next(1, 40)];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            default: // counts and lengths
                byte[] number = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(number, s_numbers[random.Next(s_numbers.Length)]);
                for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
                {
                    bytes[at + i] = number[i];
                }

                break;
        }
    }
}
