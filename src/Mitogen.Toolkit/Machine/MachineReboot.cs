using System.Globalization;
using Mitogen.Toolkit.Interop;
using Mitogen.Toolkit.Processes;

namespace Mitogen.Toolkit.Machine;

/// <summary>Restarts this machine or container.</summary>
internal static class MachineReboot
{
    private const uint RestartCommand = 0x01234567;  // LINUX_REBOOT_CMD_RESTART
    private const uint PowerOffCommand = 0x4321fedc; // LINUX_REBOOT_CMD_POWER_OFF
    private const int MayReboot = 22;                // CAP_SYS_BOOT

    // So that the answer is on its way before the process is killed.
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(200);

    private static readonly string[] s_initSystems = ["systemd", "init", "openrc-init", "runit", "s6-svscan", "dinit"];

    public static async Task OrderAsync(RebootKind kind, string context, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UnauthorizedAccessException($"{context} is not root, and cannot restart its machine. Start a context by sudo.");
        }

        string verb = kind == RebootKind.Restart ? "reboot" : "poweroff";
        string init = KernelFiles.InitSystem();
        if (s_initSystems.Contains(init))
        {
            ProcessCommand command = init == "systemd" ? new ProcessCommand("systemctl", verb) : new ProcessCommand(verb);
            RunningProcess process = await RunningProcess.StartAsync(command, context).ConfigureAwait(false);
            ProcessResult result = await new ProcessRun(process, new ProcessStreams(), context).ToEndAsync(cancellationToken).ConfigureAwait(false);
            if (!result.Exit.IsSuccess)
            {
                throw new IOException($"The init system of {context} refused: {result}. {string.Join(' ', result.LastLines)}");
            }

            return;
        }

        // Process 1 is a program like any other: the kernel ends it, and with it a container.
        string told = KernelFiles.Field(KernelFiles.Lines("/proc/self/status"), "CapEff");
        if (!ulong.TryParse(told, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong rights)
            || (rights & (1UL << MayReboot)) == 0)
        {
            throw new UnauthorizedAccessException(
                $"{context} has no init system and may not ask the kernel for a restart: " +
                "give its container the capability SYS_BOOT, or restart it from outside.");
        }

        _ = RestartSoonAsync(kind);
    }

    private static async Task RestartSoonAsync(RebootKind kind)
    {
        await Task.Delay(s_delay).ConfigureAwait(false);
        ProcessLibc.Sync();
        _ = ProcessLibc.Reboot(kind == RebootKind.Restart ? RestartCommand : PowerOffCommand);
    }
}
