using System.Diagnostics;
using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>The base of tests that transfer between two folders of this machine, through contexts in memory.</summary>
public abstract class TransferTest : IAsyncDisposable
{
    private readonly InProcessRoot _root = InProcessRoot.Create();

    protected TransferTest()
    {
        Directory.CreateDirectory(Source);
        _root.OnConnect<LocalConnection>(_ => new FakeContext());
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"toolkit-{Guid.NewGuid():N}");

    protected string Source => Folder + "/source";

    protected string Target => Folder + "/target";

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _root.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected Task<IRemoteContext> ConnectAsync(string name = "web1") => _root.ConnectAsync(new LocalConnection { Name = name }, Cancellation);

    protected void Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    protected void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{Source}/{name}")!);
        File.WriteAllBytes($"{Source}/{name}", content);
    }

    protected static byte[] Content(int seed, int length)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>Each entry with its kind, permissions, time, size or target, and content: two trees are equal if these are.</summary>
    protected static string Describe(string folder) => Shell(
        $"cd '{folder}' && find . -printf '%p %y %m %T@ %l ' \\( -type f -printf '%s ' -exec sha256sum '{{}}' \\; -o -printf '\\n' \\) | sort");

    protected static string Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
