using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

public class AgentCommandTests
{
    private static readonly StagedSet? s_staged = StagedSet.Find(Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName));

    [Fact]
    public void In_the_applications_own_folder_it_starts_with_the_applications_files()
    {
        Assert.True(AgentCommand.TryPrepare(false, null, s_staged, "nonce", ["--more"], out LocalWay? launch, out _));
        using (launch)
        {
            Assert.Equal(ProgramCode.Folder, launch.Code);
            Assert.Equal("dotnet", Path.GetFileName(launch.File));
            Assert.Equal("exec", launch.Arguments[0]);
            Assert.Contains(Path.Combine(AppContext.BaseDirectory, "Mitogen.Runtime.Tests.deps.json"), launch.Arguments);
            Assert.Contains(Path.Combine(AppContext.BaseDirectory, "Mitogen.Runtime.Tests.runtimeconfig.json"), launch.Arguments);
            Assert.Equal([s_staged!.AgentPath, "nonce", "--more"], launch.Arguments.Skip(5).SkipLast(1));
        }
    }

    [Fact]
    public void Isolated_it_starts_from_a_private_directory_that_disposal_deletes()
    {
        Assert.True(AgentCommand.TryPrepare(true, null, s_staged, "nonce", [], out LocalWay? launch, out _));
        string directory = Path.GetDirectoryName(launch.Arguments[1])!;
        using (launch)
        {
            Assert.Equal(ProgramCode.Import, launch.Code);
            Assert.Equal(["nonce", AgentCommand.IsolatedOption], launch.Arguments.Skip(2).SkipLast(1));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
            Assert.Equal(
                s_staged!.Assemblies.Select(name => name + ".dll").Append("Mitogen.Agent.runtimeconfig.json").Order(),
                Directory.GetFiles(directory).Select(Path.GetFileName).Order());
        }

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void What_is_missing_has_its_reason()
    {
        using Mitogen.Import.PrivateDirectory installation = Mitogen.Import.PrivateDirectory.TryCreate()!;
        string host = Path.Combine(installation.Path, "dotnet");

        Assert.Equal(BootstrapReason.ToolNotFound, Problem(host, s_staged));
        File.WriteAllText(host, "");
        Assert.Equal(BootstrapReason.AgentMissing, Problem(host, null));
        Assert.Null(StagedSet.Find(installation.Path));
        Directory.CreateDirectory(Path.Combine(installation.Path, "shared", "Microsoft.NETCore.App", "8.0.20"));
        Assert.Equal(BootstrapReason.NoRuntime, Problem(host, s_staged));
        Directory.CreateDirectory(Path.Combine(installation.Path, "shared", "Microsoft.NETCore.App", "11.0.0"));
        Assert.Null(Problem(host, s_staged));

        static BootstrapReason? Problem(string host, StagedSet? staged)
        {
            bool found = AgentCommand.TryPrepare(false, host, staged, "nonce", [], out LocalWay? launch, out LaunchProblem? problem);
            launch?.Dispose();
            Assert.Equal(found, problem is null);
            return problem?.Reason;
        }
    }
}
