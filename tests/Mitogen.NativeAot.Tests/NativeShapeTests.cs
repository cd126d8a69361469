namespace Mitogen.NativeAot.Tests;

/// <summary>A native program calls in every shape: itself, a context of itself, and one that that one started.</summary>
public sealed class NativeShapeTests : NativeTest
{
    [Fact]
    public async Task Every_shape_works_in_a_native_program()
    {
        (string output, int? status) = await RunAsync(Program(await NativeProgram.PathAsync()));

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => !line.EndsWith(": ok", StringComparison.Ordinal));
        Assert.Equal(["local-1", "local-2", "root"], lines.Select(line => line.Split(':')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(0, status);
    }

    [Fact]
    public async Task A_program_whose_file_is_gone_starts_itself_all_the_same()
    {
        string program = await NativeProgram.PathAsync();
        string copy = Path.Combine(Directory.CreateTempSubdirectory("native-").FullName, "program");
        File.Copy(program, copy);

        (string output, int? status) = await RunAsync(Program(
            "/bin/sh", "-c", "exec 3<\"$0\" && rm -r \"${0%/*}\" && exec /proc/self/fd/3", copy));

        Assert.DoesNotContain(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.EndsWith(": ok", StringComparison.Ordinal));
        Assert.Equal(0, status);
    }
}
