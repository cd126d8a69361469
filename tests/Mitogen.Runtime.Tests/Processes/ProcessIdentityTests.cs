using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Samples;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

public sealed class ProcessIdentityTests : LeakCheckedTest
{
    [Fact]
    public async Task Names_the_user_and_the_host()
    {
        Assert.Equal((await OutputAsync(Shell("id -un"))).Trim(), ProcessIdentity.UserName);
        Assert.Equal((await OutputAsync(Shell("uname -n"))).Trim().Split('.')[0], ProcessIdentity.HostName);
    }

    [Fact]
    public async Task A_user_without_a_name_has_a_number()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("identity-");
        try
        {
            Repository.CopyReadable(Repository.OutputOf("tests/Mitogen.TestChild"), folder.FullName);
            string output = await OutputAsync(new()
            {
                FileName = "setpriv",
                Arguments =
                [
                    "setpriv", "--reuid", "54321", "--clear-groups",
                    DotNetPath, Path.Combine(folder.FullName, Path.GetFileName(TestChildPath)), "identity",
                ],
                Environment = new Dictionary<string, string?> { ["DOTNET_EnableDiagnostics"] = "0" },
            });
            Assert.StartsWith("54321 ", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
