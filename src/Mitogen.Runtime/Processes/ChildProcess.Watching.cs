using System.Runtime.InteropServices;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>The side that <see cref="ProcessWatcher"/>'s thread drives; what is declared here belongs to that thread.</summary>
internal sealed partial class ChildProcess
{
    private const int ExitPollMilliseconds = 20;

    private readonly Descriptor? _pidDescriptor;
    private readonly LinePump _stderr;
    private readonly PromptWatch? _prompts;
    private long _drainDeadline;
    private bool _hasExited;

    /// <summary>Fills in what to poll: the exit, and standard error.</summary>
    internal void Poll(Span<PollDescriptor> polled)
    {
        polled[0] = new PollDescriptor(_hasExited ? -1 : PidNumber, Libc.PollIn);
        polled[1] = new PollDescriptor(_stderr.Polled, Libc.PollIn);
    }

    /// <summary>When to look again though nothing polls ready, in milliseconds; -1 for never.</summary>
    internal int PollTimeout() => this switch
    {
        { _hasExited: true } => (int)Math.Max(0, _drainDeadline - Environment.TickCount64),
        { _pidDescriptor: null } => ExitPollMilliseconds,
        { _prompts: { } prompts } => prompts.PollTimeout,
        _ => -1,
    };

    /// <summary>Takes what is there; true when all is over and the descriptors are closed.</summary>
    internal bool Advance(ReadOnlySpan<PollDescriptor> polled, Span<byte> buffer)
    {
        if (polled[1].Ready)
        {
            TakeOutput(buffer);
        }
        else if (_prompts is { PollTimeout: 0 } prompts)
        {
            _stderr.Show(prompts.TimeCame);
        }

        if (!_hasExited && (polled[0].Ready || _pidDescriptor is null))
        {
            TakeExit();
        }

        if (!_hasExited)
        {
            return false;
        }

        if (Environment.TickCount64 >= _drainDeadline)
        {
            _stderr.Finish(buffer);
        }

        if (_stderr.Polled >= 0)
        {
            return false;
        }

        if (_stderr.Failure is { } failure)
        {
            _stderrDrained.SetException(failure);
        }
        else
        {
            _stderrDrained.SetResult();
        }

        return true;
    }

    private void TakeOutput(Span<byte> buffer)
    {
        if (!_stderr.Read(buffer))
        {
            _stderr.Finish(buffer);
        }
        else if (_prompts is not null)
        {
            _stderr.Show(_prompts.OutputCame);
        }
    }

    private int PidNumber
    {
        get
        {
            if (_pidDescriptor is null)
            {
                return -1;
            }

            using Descriptor.Lease fd = _pidDescriptor.Use();
            return fd.Fd;
        }
    }

    private static Descriptor? TryOpenPid(int pid)
    {
        try
        {
            return Descriptor.Own(Libc.PidDescriptor(pid), "pidfd_open");
        }
        catch (IOException)
        {
            return null; // an old kernel or a sandbox: then we look at intervals
        }
    }

    private void Watch()
    {
        try
        {
            ProcessWatcher.Add(this);
        }
        catch
        {
            SignalGroup(Libc.Kill);
            Reap();
            Transport.Dispose();
            _stderr.Finish([]);
            _pidDescriptor?.Dispose();
            throw;
        }
    }

    private void TakeExit()
    {
        ChildExit exit = default;
        lock (_gate)
        {
            if (IsOurs(out bool ended))
            {
                if (!ended)
                {
                    return;
                }

                EndedBeforeLink = (Transport as DescriptorTransport)?.IsPeerThere() ?? false;

                // Not yet reaped, the leader keeps the number of its group from being given out again.
                _ = Libc.SendSignal(-Pid, Libc.Kill);
                exit = Reap();
            }

            _reaped = true;
        }

        _pidDescriptor?.Dispose();
        _drainDeadline = Environment.TickCount64 + (long)_options.StderrDrainTime.TotalMilliseconds;
        _hasExited = true;
        _exited.SetResult(exit);
    }

    /// <summary>False when its status was taken by something else: a wait for any child, or a SIGCHLD ignored by our own parent.</summary>
    private unsafe bool IsOurs(out bool ended)
    {
        byte* info = stackalloc byte[Libc.SignalInfoSize];
        new Span<byte>(info, Libc.SignalInfoSize).Clear();
        int result;
        do
        {
            result = Libc.WaitId(Libc.AnyProcessId, Pid, info, Libc.Exited | Libc.NoHang | Libc.NoReap);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Libc.InterruptedError);

        ended = *(int*)info != 0; // si_signo, which stays 0 when there is nothing to report
        return result == 0;
    }

    private unsafe ChildExit Reap()
    {
        int status = 0;
        int result;
        do
        {
            result = Libc.WaitPid(Pid, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Libc.InterruptedError);
        return result == Pid ? ChildExit.FromStatus(status) : default;
    }
}
