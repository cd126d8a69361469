using System.Diagnostics;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Leaks;

[Collection(ProcessTests.Name)]
public sealed class LeakCheckTests
{
    [Fact]
    public async Task Names_what_is_left()
    {
        LeakCheck leaks = LeakCheck.Start(TimeSpan.FromMilliseconds(300));
        using var sleep = Process.Start("/bin/sleep", "1000");
        (Descriptor read, Descriptor write) = Descriptor.Pipe();
        using (read)
        using (write)
        using (MemoryFile.Create("mitogen-left", "x"u8))
        using (var ended = new ManualResetEventSlim())
        {
            new Thread(ended.Wait) { Name = "mitogen-left", IsBackground = true }.Start();

            Exception? error = await Record.ExceptionAsync(async () => await leaks.DisposeAsync());

            Assert.Contains($"process {sleep.Id} (sleep", error?.Message, StringComparison.Ordinal);
            Assert.Contains("mitogen-left", error?.Message, StringComparison.Ordinal);
            Assert.Contains("pipe:", error?.Message, StringComparison.Ordinal);
            Assert.Contains("/memfd:", error?.Message, StringComparison.Ordinal);
            ended.Set();
            sleep.Kill();
            await sleep.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_file_is_left_unless_a_process_of_another_run_names_it()
    {
        LeakCheck leaks = LeakCheck.Start(TimeSpan.FromMilliseconds(300));
        string left = Path.Combine(Path.GetTempPath(), $"mitogen-left-{Guid.NewGuid():N}");
        string foreign = Path.Combine(Path.GetTempPath(), $"mitogen-foreign-{Guid.NewGuid():N}");
        File.WriteAllText(left, "");
        File.WriteAllText(foreign, "");
        int pid;
        using (var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"setsid env -i sh -c 'sleep 1000; :' {foreign} >/dev/null & echo $!"])
        {
            RedirectStandardOutput = true,
        })!)
        {
            pid = int.Parse(await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.UntilAsync(() => File.ReadAllText($"/proc/{pid}/environ").Length == 0);

        Exception? error = await Record.ExceptionAsync(async () => await leaks.DisposeAsync());

        Assert.Contains("file " + left, error?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, error?.Message, StringComparison.Ordinal);
        Assert.Equal(0, Mitogen.Interop.Libc.SendSignal(-pid, 9));
        File.Delete(left);
        File.Delete(foreign);
    }

    [Fact]
    public async Task Finds_a_process_that_lost_its_parent()
    {
        LeakCheck leaks = LeakCheck.Start(TimeSpan.FromMilliseconds(300));
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "setsid sleep 1000 >/dev/null & echo $!"])
        {
            RedirectStandardOutput = true,
        })!;
        int orphan = int.Parse(await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Exception? error = await Record.ExceptionAsync(async () => await leaks.DisposeAsync());

        Assert.Contains($"process {orphan} (sleep", error?.Message, StringComparison.Ordinal);
        using var found = Process.GetProcessById(orphan);
        found.Kill();
    }
}
