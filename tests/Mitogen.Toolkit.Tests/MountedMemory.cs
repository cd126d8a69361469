using System.Diagnostics;

namespace Mitogen.Toolkit.Tests;

/// <summary>What root mounts on a folder for one test: a small file system in memory, or another folder.</summary>
internal sealed class MountedMemory : IDisposable
{
    private readonly string _folder;

    /// <param name="folder">The folder, which is made.</param>
    /// <param name="options">The size and the like, as <c>mount -o</c> takes them.</param>
    /// <param name="other">The folder that is mounted there a second time, instead of memory.</param>
    public MountedMemory(string folder, string options = "size=16m", string? other = null)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root mounts.");
        _folder = Directory.CreateDirectory(folder).FullName;
        Run("mount", other is null ? ["-t", "tmpfs", "-o", options, "tmpfs", folder] : ["--bind", other, folder]);
    }

    public void Resize(string options) => Run("mount", ["-o", $"remount,{options}", _folder]);

    public void Dispose() => Run("umount", [_folder]);

    private static void Run(string program, string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
