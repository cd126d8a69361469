using System.Diagnostics;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Listings;

public sealed class HostListingTests : LeakCheckedTest
{
    [Fact]
    public async Task Files_and_processes_of_users_are_seen()
    {
        TestHost.Needs("setpriv", "find");
        string user = TestHost.DeniedUser;
        HostListing before = await HostListing.OfUsersAsync(user);
        string[] files = [$"/home/{user}/left", "/tmp/left-by-a-test", "/var/tmp/left-by-a-test", "/dev/shm/left-by-a-test"];
        using Process process = HostCommand.Start(
            ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "sh", "-c", $"touch {string.Join(' ', files)}; echo there; read end"]);
        using StreamReader output = process.StandardOutput, error = process.StandardError;
        Assert.Equal("there", await output.ReadLineAsync(Cancellation));

        IReadOnlyList<string> changes = await before.ChangesAsync();
        Assert.Equal(
            [.. files.Order(StringComparer.Ordinal).Select(file => $"+ file {file} (f, mode 644, {user}:{user})"), $"+ process {process.Id} of {user}: "],
            changes.Select(change => change.Split("sh -c")[0]));

        foreach (string file in files)
        {
            File.Delete(file);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task What_came_and_which_files_went_is_told()
    {
        HostListing before = new(["file a", "file b", "process 1"], () => Task.FromResult(Of("file b", "file c", "process 2")));
        Assert.Equal(["+ file c", "+ process 2", "- file a"], await before.ChangesAsync());
        Assert.Empty(await Of("file b", "process 1").ChangesAsync());
    }

    private static HostListing Of(params string[] things) => new(things, () => Task.FromResult(Of(things)));
}
