using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>Runs something on a thread for which the kernel refuses every lock (flock), as a file system without locks does.</summary>
internal static unsafe partial class NoLocks
{
    public const int Error = 37; // ENOLCK

    /// <returns>The failure of the action, if it failed.</returns>
    public static Exception? Run(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            Refuse();
            failure = Record.Exception(action);
        });
        thread.Start();
        Assert.True(thread.Join(Eventually.Patience));
        return failure;
    }

    /// <summary>For this thread alone, until it ends (seccomp).</summary>
    private static void Refuse()
    {
        uint call = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 32u : 73u;
        FilterStep* steps = stackalloc FilterStep[]
        {
            new() { Code = 0x20 },                               // load the number of the call
            new() { Code = 0x15, IfFalse = 1, Value = call },    // flock?
            new() { Code = 0x06, Value = 0x00050000 | Error },   // fail with this error
            new() { Code = 0x06, Value = 0x7fff0000 },           // let it through
        };
        FilterSteps filter = new() { Length = 4, Steps = steps };
        Assert.Equal(0, Control(38, 1, null, 0, 0));             // PR_SET_NO_NEW_PRIVS
        Assert.Equal(0, Control(22, 2, &filter, 0, 0));          // PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint second, void* third, nuint fourth, nuint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterStep
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterSteps
    {
        public ushort Length;
        public FilterStep* Steps;
    }
}
