using System.Runtime.InteropServices;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Tests.Processes;

/// <summary>Waits for descriptors.</summary>
public sealed class ProcessPollingTests : LeakCheckedTest
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    [Fact]
    public void A_wait_that_finds_no_descriptor_free_lets_go_of_its_own()
    {
        (ProcessHandle reading, ProcessHandle writing) = ProcessHandle.Pipe();
        using (writing)
        using (reading)
        {
            nuint[] limits = new nuint[2];
            Assert.Equal(0, GetLimit(OpenFiles, limits));
            Assert.Equal(0, SetLimit(OpenFiles, [0, limits[1]]));
            try
            {
                _ = Assert.Throws<IOException>(() => { _ = ProcessPolling.ReadyAsync(reading, ProcessLibc.PollIn, Cancellation); });
            }
            finally
            {
                Assert.Equal(0, SetLimit(OpenFiles, limits));
            }
        }
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, [Out] nuint[] limits);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, [In] nuint[] limits);
}
