using System.Security.Cryptography;
using Mitogen.Executables;
using Mitogen.Runtime.Tests.Starting;

namespace Mitogen.Runtime.Tests.Executables;

/// <summary>What a context has from its parent: asked for once, kept, bounded.</summary>
public sealed class ParentExecutablesTests
{
    private readonly byte[] _file = RandomNumberGenerator.GetBytes(100_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_wants_it_meanwhile_joins_and_it_is_kept_packed()
    {
        FakeParent parent = new();
        Task<FoundExecutable>[] waiting = [.. Enumerable.Range(0, 16).Select(_ => parent.Executables.FindAsync(Platform.Arm64.Rid, onPart: null, Cancellation))];
        Packed packed = Packed.Compress(_file);
        (await parent.NextAsync()).Answer(FakeParent.PartsOf(packed));

        FoundExecutable[] found = await Task.WhenAll(waiting);
        FoundExecutable later = await parent.Executables.FindAsync(Platform.Arm64.Rid, onPart: null, Cancellation);

        Assert.All(found, one => Assert.Same(later, one));
        Assert.Equal(Platform.Arm64.Rid, Assert.Single(parent.Asked));
        NativeExecutable executable = Assert.IsType<ReceivedExecutable>(later.Executable);
        Packed kept = await executable.CompressAsync();
        Assert.Equal((packed.Size, true), (kept.Size, kept.IsCompressed));
        Assert.Equal(packed.Bytes.ToArray(), kept.Bytes.ToArray());
        Assert.Equal(kept, (await executable.PackAsync(isCompressed: true)).Bytes);
        Assert.Equal(_file, (await executable.PackAsync(isCompressed: false)).Bytes.Bytes.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_file)), (await executable.PackAsync(isCompressed: true)).Hash);
    }

    [Fact]
    public async Task Each_platform_is_asked_for_by_itself()
    {
        FakeParent parent = new();
        Task<FoundExecutable> first = parent.Executables.FindAsync(Platform.Arm64.Rid, onPart: null, Cancellation);
        FakeParent.Question arm = await parent.NextAsync();
        Task<FoundExecutable> second = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation);

        (await parent.NextAsync()).Answer(ExecutablePart.None("not for this one"));
        Assert.Equal("not for this one", (await second).Missing);
        Assert.False(first.IsCompleted);
        arm.Answer(FakeParent.PartsOf(Packed.Compress(_file)));
        Assert.NotNull((await first).Executable);
    }

    [Fact]
    public async Task That_there_is_none_is_kept()
    {
        FakeParent parent = new();
        Task<FoundExecutable> asking = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation);
        (await parent.NextAsync()).Answer(ExecutablePart.None("none here"));

        Assert.Equal(new FoundExecutable(null, "none here"), await asking);
        Assert.Equal(new FoundExecutable(null, "none here"), await parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation));
        _ = Assert.Single(parent.Asked);
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_wait_and_is_not_kept()
    {
        FakeParent parent = new();
        Task<FoundExecutable>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation))];
        (await parent.NextAsync()).Fail(new IOException("broken"));
        foreach (Task<FoundExecutable> one in waiting)
        {
            Assert.Equal("broken", (await Assert.ThrowsAsync<IOException>(() => one)).Message);
        }

        Task<FoundExecutable> again = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation);
        (await parent.NextAsync()).Answer(FakeParent.PartsOf(Packed.Compress(_file)));
        Assert.NotNull((await again).Executable);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_others_alone_and_the_last_one_ends_the_request()
    {
        FakeParent parent = new();
        using CancellationTokenSource first = new();
        using CancellationTokenSource last = new();
        Task<FoundExecutable> one = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, first.Token);
        Task<FoundExecutable> other = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, last.Token);
        FakeParent.Question question = await parent.NextAsync();
        ExecutablePart[] parts = [.. FakeParent.PartsOf(Packed.Compress(_file))];
        Assert.True(parts.Length > 2 && question.Parts.Writer.TryWrite(parts[0]));

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(other.IsCompleted || question.Cancelled.Task.IsCompleted);

        await last.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        await question.Cancelled.Task.InTimeAsync();

        Task<FoundExecutable> again = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation);
        (await parent.NextAsync()).Answer(parts);
        Assert.NotNull((await again).Executable);
    }

    /// <summary>Of each part: the announced length and size, and how many bytes it has.</summary>
    public static TheoryData<long[][], string> NotWhatWasAnnounced => new()
    {
        { [[10, 20, 0]], "sent 0 bytes from 0 on, of 10" },
        { [[10, 20, 11]], "sent 11 bytes from 0 on" },
        { [[10, 20, 6], [10, 20, 3]], "sent 3 bytes from 6 on" },
        { [[10, 20, 6], [10, 20, 5]], "sent 5 bytes from 6 on" },
        { [[10, 20, 6], [20, 20, 6]], "sent 6 bytes from 6 on" },
        { [[10, 20, 4], [10, 20, 4], [10, 20, 0]], "sent 0 bytes from 8 on" },
        { [[0, 20, 0]], "announces 0" },
        { [[-1, 20, 0]], "announces -1" },
        { [[10, 0, 0]], "for 0" },
        { [[10, long.MaxValue, 0]], $"for {long.MaxValue}" },
        { [[1001, 20, 0]], "MaxExecutableSize allows 1000" },
    };

    [Theory]
    [MemberData(nameof(NotWhatWasAnnounced), DisableDiscoveryEnumeration = true)]
    public async Task What_is_not_as_announced_or_too_large_is_refused(long[][] parts, string message)
    {
        FakeParent parent = new(maxSize: 1000);
        for (int round = 0; round < 2; round++)
        {
            Task<FoundExecutable> asking = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation);
            (await parent.NextAsync()).Answer(parts.Select(part => new ExecutablePart(null, (int)part[0], part[1], new byte[part[2]])));
            InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => asking);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_gzip_cannot_unpack_is_told()
    {
        FakeParent parent = new();
        Task<FoundExecutable> asking = parent.Executables.FindAsync(Platform.X64.Rid, onPart: null, Cancellation);
        (await parent.NextAsync()).Answer(new ExecutablePart(null, 100, 200, new byte[100]));
        NativeExecutable executable = (await asking).Executable!;
        await Assert.ThrowsAsync<InvalidDataException>(() => executable.PackAsync(isCompressed: true));
    }
}
