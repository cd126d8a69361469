using Mitogen.Toolkit.Transfers;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>The permissions of folders while a transfer is under way and after it broke off.</summary>
public sealed class TransferModeTests : TransferTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Folders_have_the_usual_permissions_also_if_a_transfer_breaks_off(bool permissions)
    {
        Write("new/a", Content(1, 100_000));
        Write("there/b", Content(2, 100_000));
        Directory.CreateDirectory(Target + "/there");
        File.SetUnixFileMode(Target + "/there", (UnixFileMode)0x16d); // r-xr-xr-x
        UnixFileMode usual = File.GetUnixFileMode(Directory.CreateDirectory(Folder + "/usual").FullName);
        TransferOptions options = new() { Permissions = permissions };

        await Assert.ThrowsAsync<TransferException>(() => RunAsync(new BreakingEnd(50_000), options));
        Assert.Equal((UnixFileMode)0x16d, File.GetUnixFileMode(Target + "/there"));
        await RunAsync(TransferEnd.Here, options);

        Assert.Equal(permissions ? File.GetUnixFileMode(Source + "/new") : usual, File.GetUnixFileMode(Target + "/new"));
        Assert.Equal(permissions ? File.GetUnixFileMode(Source + "/there") : (UnixFileMode)0x16d, File.GetUnixFileMode(Target + "/there"));
        Assert.Equal(Content(2, 100_000), await File.ReadAllBytesAsync(Target + "/there/b", Cancellation));
    }

    private Task<TransferResult> RunAsync(ITransferEnd source, TransferOptions options) => TransferRun.RunAsync(
        new TransferSide(source, Source, "the source"), TransferSide.Here(Target), options, null, Cancellation);
}
