using System.Runtime.CompilerServices;
using System.Text.Json;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.NativeAot.Tests;

/// <summary>What a command line says to the target that makes executables.</summary>
public sealed class ExecutableTargetTests : NativeTest
{
    [Theory]
    [InlineData("linux-arm64", new[] { "linux-arm64" })]
    [InlineData("linux-x64%3Blinux-arm64", new[] { "linux-x64", "linux-arm64" })]
    public async Task Platforms_are_separated_by_an_escaped_semicolon(string given, string[] rids)
    {
        (string output, int? status) = await RunAsync(Program(
            Children.DotNetPath, "msbuild", Project(), "-getItem:_MitogenExecutableRid", $"-p:MitogenExecutableRids={given}", "-nodeReuse:false"));

        Assert.True(status == 0, output);
        JsonElement items = JsonElement.Parse(output).GetProperty("Items").GetProperty("_MitogenExecutableRid");
        Assert.Equal(rids, items.EnumerateArray().Select(item => item.GetProperty("Identity").GetString()));
    }

    private static string Project([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../Mitogen.NativeProgram"));
}
