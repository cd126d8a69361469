using System.Diagnostics;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Toolkit.Tests.Files;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>Transfers with contexts that are processes.</summary>
public sealed class TransferProcessTests : LeakCheckedTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit-").FullName;

    public override async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_is_killed_meanwhile_is_gone_on_from_where_it_was()
    {
        const int Size = 24 << 20;
        byte[] content = new byte[Size];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(_folder + "/source", content, Cancellation);
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext first = await root.ConnectAsync(new LocalConnection(), Cancellation);
        int process = await first.Get<IFileKiller>().KillAtAsync("");
        TaskCompletionSource begun = new();
        Task<TransferResult> broken = first.UploadAsync(
            _folder + "/source", _folder + "/target", null, new Begun(begun, 4 << 20), Cancellation);
        await begun.Task.InTimeAsync();
        using (Process killed = Process.GetProcessById(process))
        {
            killed.Kill();
        }

        TransferException error = await Assert.ThrowsAsync<TransferException>(() => broken).InTimeAsync();
        Assert.IsType<ContextLostException>(error.InnerException);
        Assert.False(File.Exists(_folder + "/target"));
        await using IRemoteContext second = await root.ConnectAsync(new LocalConnection(), Cancellation);
        await using IRemoteContext third = await second.ConnectAsync(new LocalConnection(), Cancellation);

        TransferResult result = await third.UploadAsync(_folder + "/source", _folder + "/target", null, null, Cancellation);
        TransferResult copied = await third.CopyToAsync(_folder + "/target", second, _folder + "/copy", null, null, Cancellation);

        Assert.InRange(result.ResumedBytes, 1, Size);
        Assert.Equal(Size, result.ResumedBytes + result.Bytes);
        Assert.Equal(Size, copied.Bytes);
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder + "/copy", Cancellation));
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task A_cancelled_transfer_stops_and_leaves_its_part()
    {
        using (FileStream large = File.Create(_folder + "/source"))
        {
            byte[] piece = new byte[1 << 20];
            new Random(1).NextBytes(piece);
            for (int i = 0; i < 64; i++)
            {
                await large.WriteAsync(piece, Cancellation);
            }
        }

        await using MitogenRoot root = MitogenRoot.Create();
        await using IRemoteContext context = await root.ConnectAsync(new LocalConnection(), Cancellation);
        using CancellationTokenSource giveUp = new();
        TaskCompletionSource begun = new();
        Task<TransferResult> download = context.DownloadAsync(
            _folder + "/source", _folder + "/target", null, new Begun(begun, 1 << 20), giveUp.Token);
        await begun.Task.InTimeAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download).InTimeAsync();
        Assert.True(File.Exists(_folder + "/.target.mitogen-part"));
        TransferResult result = await context.DownloadAsync(_folder + "/source", _folder + "/target", null, null, Cancellation);
        Assert.InRange(result.ResumedBytes, 1, 64 << 20);
    }

    private sealed class Begun(TaskCompletionSource begun, long bytes) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            if (value.Bytes >= bytes)
            {
                begun.TrySetResult();
            }
        }
    }
}
