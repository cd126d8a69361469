using System.Security.Cryptography;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Services;

/// <summary>Executables on their way down a tree of contexts, over real links in memory.</summary>
public sealed class ExecutablePassingTests
{
    private readonly byte[] _file = RandomNumberGenerator.GetBytes(1_000_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16 * 1024, 1024 * 1024, 16 * 1024 * 1024, 1024 * 1024 * 1024)]
    [InlineData(1024, 1024, 0, 1024)]
    public async Task It_comes_from_the_root_over_each_link_once_and_stays_on_the_way(int window, int bulk, int credit, int message)
    {
        using ExecutableTree tree = new(new KernelOptions { InitialWindow = window, BulkWindow = bulk, MaxLinkCredit = credit, MaxMessageSize = message });
        tree.Write(Platform.Arm64.Rid, _file);
        ExecutableTree.Context middle = tree.Add(tree.Root);
        ExecutableTree.Context[] leaves = [tree.Add(middle), tree.Add(middle), tree.Add(middle)];

        FoundExecutable[] found = await Task.WhenAll(leaves.Append(middle).Append(leaves[0]).Select(context => context.FindAsync(Platform.Arm64.Rid, Cancellation)));
        File.Delete(tree.PathOf(Platform.Arm64.Rid));
        ExecutableTree.Context late = tree.Add(middle);

        foreach (FoundExecutable one in found.Append(await late.FindAsync(Platform.Arm64.Rid, Cancellation)))
        {
            Assert.Equal(_file, (await one.Executable!.PackAsync(isCompressed: false)).Bytes.Bytes.ToArray());
        }

        Assert.All(leaves.Append(middle).Append(late), context => Assert.Equal(1, context.Asked));
    }

    [Fact]
    public async Task That_there_is_none_names_the_path_and_the_context_at_the_root_and_stays_on_the_way()
    {
        using ExecutableTree tree = new();
        ExecutableTree.Context middle = tree.Add(tree.Root);
        ExecutableTree.Context leaf = tree.Add(middle);

        FoundExecutable found = await leaf.FindAsync(Platform.X64.Rid, Cancellation);
        tree.Write(Platform.X64.Rid, _file);

        Assert.Null(found.Executable);
        Assert.Contains(tree.PathOf(Platform.X64.Rid), found.Missing, StringComparison.Ordinal);
        Assert.Contains("'dotnet publish -t:MitogenExecutables -p:MitogenExecutableRids=linux-x64'", found.Missing, StringComparison.Ordinal);
        Assert.Contains("where 'context-1' runs", found.Missing, StringComparison.Ordinal);
        Assert.Equal(found, await leaf.FindAsync(Platform.X64.Rid, Cancellation));
        Assert.Equal(found, await middle.FindAsync(Platform.X64.Rid, Cancellation));
        Assert.Equal((1, 1), (leaf.Asked, middle.Asked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("linux-riscv64")]
    [InlineData("LINUX-X64")]
    [InlineData("linux-x64/")]
    [InlineData("../linux-x64")]
    [InlineData("linux-x64/../../../etc/passwd")]
    [InlineData(null)]
    public async Task What_is_no_platform_is_refused(string? rid)
    {
        using ExecutableTree tree = new();
        tree.Write(Platform.X64.Rid, _file);
        IParentContext parent = tree.Add(tree.Root).Node.Parent!.GetOwn<IParentContext>();
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => parent.ReadExecutableAsync(rid!, 0, Cancellation));
        Assert.DoesNotContain(tree.PathOf(Platform.X64.Rid), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public async Task What_is_not_in_it_is_refused(int offset)
    {
        using ExecutableTree tree = new();
        tree.Write(Platform.X64.Rid, _file);
        IParentContext parent = tree.Add(tree.Root).Node.Parent!.GetOwn<IParentContext>();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => parent.ReadExecutableAsync(Platform.X64.Rid, offset, Cancellation));
    }

    [Fact]
    public async Task Nobody_but_a_child_is_given_any()
    {
        using ExecutableTree tree = new();
        tree.Write(Platform.X64.Rid, _file);
        ExecutableTree.Context child = tree.Add(tree.Root);
        ExecutableTree.Context leaf = tree.Add(child);
        _ = await child.FindAsync(Platform.X64.Rid, Cancellation);
        ContextHandle below = new(tree.Root.Node, tree.Root.Node.Self, "below", "below");
        using (HubLock locked = tree.Root.Node.Hub.Enter())
        {
            _ = below.SetUp(locked, child.Node.Options.Id, child.Node.Self.Info);
        }

        // A parent that asks its child, and a context that asks its parent's parent.
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => below.GetOwn<IParentContext>().ReadExecutableAsync(Platform.X64.Rid, 0, Cancellation));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => leaf.Node.Root.GetOwn<IParentContext>().ReadExecutableAsync(Platform.X64.Rid, 0, Cancellation));
        Assert.Equal((1, 0), (child.Asked, leaf.Asked));
    }

    [Fact]
    public async Task Who_gives_up_below_ends_what_is_under_way_for_it_above()
    {
        using ExecutableTree tree = new();
        tree.Write(Platform.X64.Rid, _file);
        ExecutableTree.Context middle = tree.Add(tree.Root);
        ExecutableTree.Context leaf = tree.Add(middle);
        TaskCompletionSource underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        middle.AfterFirstPart = async cancellationToken =>
        {
            await using CancellationTokenRegistration end = cancellationToken.Register(ended.SetResult);
            underWay.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        using CancellationTokenSource cancel = new();
        Task<FoundExecutable> asking = leaf.FindAsync(Platform.X64.Rid, cancel.Token);
        await underWay.Task.InTimeAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await ended.Task.InTimeAsync();
        middle.AfterFirstPart = _ => Task.CompletedTask;
        Assert.NotNull((await leaf.FindAsync(Platform.X64.Rid, Cancellation)).Executable);
        Assert.Equal((2, 2), (leaf.Asked, middle.Asked));
    }

    [Fact]
    public async Task A_parent_that_is_lost_on_the_way_is_told_and_not_kept()
    {
        using ExecutableTree tree = new();
        tree.Write(Platform.X64.Rid, _file);
        ExecutableTree.Context middle = tree.Add(tree.Root);
        ExecutableTree.Context leaf = tree.Add(middle);
        middle.AfterFirstPart = _ =>
        {
            middle.LoseParent();
            return Task.CompletedTask;
        };

        for (int asked = 1; asked <= 2; asked++)
        {
            Exception error = await Assert.ThrowsAnyAsync<Exception>(() => leaf.FindAsync(Platform.X64.Rid, Cancellation));
            Assert.True(error is ContextLostException { ContextName: "context-1" }, error.ToString());
            Assert.Equal((asked, asked), (leaf.Asked, middle.Asked));
        }
    }

    [Fact]
    public async Task What_is_larger_than_the_option_allows_is_not_taken_on_the_way()
    {
        using ExecutableTree tree = new(new KernelOptions { MaxExecutableSize = 1024 });
        tree.Write(Platform.X64.Rid, _file);
        ExecutableTree.Context leaf = tree.Add(tree.Add(tree.Root));

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => leaf.FindAsync(Platform.X64.Rid, Cancellation));

        Assert.Contains("MaxExecutableSize allows 1024", error.Message, StringComparison.Ordinal);
    }
}
