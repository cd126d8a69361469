using System.Text;
using Mitogen.NativeProgram;

namespace Mitogen.NativeAot.Tests;

/// <summary>Native contexts of a process that runs on .NET: the executable lies beside it.</summary>
public sealed class NativeConnectionTests : NativeTest
{
    private static readonly LocalConnection s_native = new() { Name = "native", Executable = ExecutableKind.Native };

    [Fact]
    public async Task A_native_context_is_started_called_and_disposed()
    {
        _ = await NativeProgram.ExecutableAsync();
        await using MitogenRoot root = CreateRoot();
        IRemoteContext child = await root.ConnectAsync(s_native, Cancellation);

        Assert.Equal("hello", await child.Get<INativeShapes>().EchoAsync("hello"));
        Assert.NotEqual(Environment.ProcessId, child.Info.ProcessId);
        string title = (await File.ReadAllTextAsync($"/proc/{child.Info.ProcessId}/cmdline", Cancellation)).Split('\0')[0];
        Assert.Equal($"mitogen:{Environment.UserName}@{Environment.MachineName}:{Environment.ProcessId}", title);

        await child.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{child.Info.ProcessId}"));
    }

    [Fact]
    public async Task An_executable_is_nothing_but_contexts()
    {
        string executable = await NativeProgram.ExecutableAsync();

        (string output, int? status) = await RunAsync(Program(executable));
        Assert.Equal(64, status);
        Assert.Contains("executable of a program", output, StringComparison.Ordinal);

        // What only the program's own beginning uses is not even in it.
        byte[] said = Encoding.UTF8.GetBytes("ShapeChecks"); // a class that tells its methods' names in stack traces
        Assert.NotEqual(-1, (await File.ReadAllBytesAsync(await NativeProgram.PathAsync(), Cancellation)).AsSpan().IndexOf(said));
        Assert.Equal(-1, (await File.ReadAllBytesAsync(executable, Cancellation)).AsSpan().IndexOf(said));
    }

    [Fact]
    public async Task A_native_context_starts_further_ones_of_itself()
    {
        _ = await NativeProgram.ExecutableAsync();
        await using MitogenRoot root = CreateRoot();
        IRemoteContext last = root;
        for (int i = 0; i < 5; i++)
        {
            last = await last.ConnectAsync(s_native with { Name = $"hop{i}", Executable = i == 0 ? ExecutableKind.Native : ExecutableKind.Auto }, Cancellation);
        }

        Assert.Equal("hop4", last.Get<INativeShapes>().Name);
    }

    [Fact]
    public async Task Another_build_is_refused_with_both_ids_and_the_remedy()
    {
        _ = await NativeProgram.ExecutableAsync();
        RemoteCatalog other = Catalog();
        other.AddBuild(7);
        await using MitogenRoot root = CreateRoot(other);

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(s_native, Cancellation));

        Assert.Equal(BootstrapReason.BuildMismatch, error.Reason);
        Assert.Contains($"{Catalog().BuildId:x16}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{other.BuildId:x16}", error.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet publish -t:MitogenExecutables", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_executable_names_the_command_that_makes_it()
    {
        RemoteCatalog other = new();
        other.AddEntryPoint(typeof(NativeConnectionTests).Assembly);
        await using MitogenRoot root = CreateRoot(other);

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(s_native, Cancellation));

        Assert.Equal(BootstrapReason.AgentMissing, error.Reason);
        Assert.Contains("executables/linux-", error.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet publish -t:MitogenExecutables", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_for_the_managed_executable_is_refused()
    {
        await using MitogenRoot root = CreateRoot();
        await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync(s_native with { Isolated = true }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync(s_native with { DotNetPath = "/dotnet" }, Cancellation));
    }
}
